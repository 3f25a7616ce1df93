import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stage } from './browser.ts'
import type { Stage } from './browser.ts'

let on: Stage
beforeAll(async () => {
  on = await stage()
})
afterAll(async () => {
  await on.close()
  expect(on.problems).toEqual([])
})

test('the name can be changed', async () => {
  const page = await on.page('?world=busy')
  await openSettings(page)
  await page.getByText('and everybody in your groups.').waitFor()
  await page.getByRole('textbox', { name: 'Your name' }).fill('   ')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Type a name first').waitFor()
  await page.getByRole('textbox', { name: 'Your name' }).fill('Mira B.')
  await page.getByText('Type a name first').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('status').getByText('Saved.').waitFor()
})

test('the theme is the system’s until one is chosen; it is kept, from the first frame on, and the same in every tab', async () => {
  const { page, context } = await on.open('?world=busy', { colorScheme: 'dark' })
  const other = await on.tab(context, '?world=busy')
  await page.bringToFront() // where one clicks; behind another tab a click takes seconds
  await openSettings(page)
  expect(await groundOf(page)).toBe(DARK)
  await page.getByText('Light', { exact: true }).click()
  expect(await groundOf(page)).toBe(LIGHT)
  await other.waitForFunction(() => document.documentElement.dataset['theme'] === 'light')
  expect(await groundOf(other)).toBe(LIGHT)
  expect(await page.locator('meta[name=theme-color]').first().getAttribute('content')).toBe('#ffffff')

  await page.route('**/assets/*.js', () => undefined) // the page’s own scripts never come
  await page.reload({ waitUntil: 'commit' })
  // Until the style sheet is there, nothing is drawn.
  await page.waitForFunction(
    () => document.body && getComputedStyle(document.body).backgroundColor !== 'rgba(0, 0, 0, 0)',
  )
  expect(await groundOf(page)).toBe(LIGHT)
  await page.unroute('**/assets/*.js')
  await page.goto(`${on.url}?world=busy`)
  await openSettings(page)
  await page.getByRole('radio', { name: 'Light', checked: true }).waitFor({ state: 'attached' })
  await page.getByRole('radio', { name: 'Light' }).focus()
  await page.keyboard.press('ArrowLeft')
  expect(await page.getByRole('radio', { name: 'System' }).isChecked()).toBe(true)
  expect(await groundOf(page)).toBe(DARK)
  await context.close()
})

test('relays can be added and removed, and what is none is refused with a sentence', async () => {
  const page = await on.page('?world=busy')
  await openSettings(page)
  const box = page.getByRole('textbox', { name: 'Address of a relay' })
  await page.getByRole('button', { name: 'Add relay' }).click()
  await page.getByRole('alert').getByText('Paste the address of a relay first.').waitFor()
  await box.fill('relay.example')
  await page.getByRole('button', { name: 'Add relay' }).click()
  await page.getByRole('alert').getByText('This is not the address of a relay.').waitFor()
  await box.fill('/dns4/relay.example/tcp/443/wss/p2p/12D3KooWOther')
  await box.press('Enter')
  await page.getByRole('button', { name: 'Remove the relay relay.example:443' }).waitFor()
  const there = page.getByRole('alert').getByText('This relay is in the list already.')
  await box.fill(' /dns4/relay.example/tcp/443/wss/p2p/12D3KooWOther ')
  await box.press('Enter')
  await there.waitFor()
  expect(await page.getByRole('button', { name: /^Remove the relay/ }).count()).toBe(2)
  await box.fill('/dns4/relay.example')
  await there.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Remove the relay relay.example:443' }).click()
  await page.getByText('relay.example:443').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Remove the relay 127.0.0.1:4781' }).click()
  await page.getByText('Conversations that you have keep the relays that they have.').waitFor()
})

test('relays only is a switch', async () => {
  const page = await on.page('?world=busy')
  await openSettings(page)
  const relaysOnly = page.getByRole('switch', { name: 'Relays only' })
  expect(await relaysOnly.getAttribute('aria-checked')).toBe('false')
  await relaysOnly.press('Space')
  await page.getByRole('switch', { name: 'Relays only', checked: true }).waitFor()
})

test('a passphrase can be set, changed and taken away', async () => {
  const page = await on.page('?world=busy')
  await openSettings(page)
  await page.getByText('No passphrase is set.').waitFor()
  await page.getByRole('button', { name: 'Set a passphrase' }).click()
  await fill(page, { 'New passphrase': 'short', 'Once more': 'short' })
  await page.getByRole('button', { name: 'Lock' }).click()
  await page.getByRole('alert').getByText('Use at least 8 characters.').waitFor()
  await fill(page, { 'New passphrase': 'correct horse', 'Once more': 'correct hearse' })
  await page.getByRole('button', { name: 'Lock' }).click()
  await page.getByRole('alert').getByText('The two are not the same.').waitFor()
  await fill(page, { 'Once more': 'correct horse' })
  await page.keyboard.press('Enter')
  await page.getByText('Locked with a passphrase.').waitFor()

  await page.getByRole('button', { name: 'Change it' }).click()
  await fill(page, { 'Passphrase now': 'wrong', 'New passphrase': 'battery staple', 'Once more': 'battery staple' })
  await page.getByRole('button', { name: 'Change', exact: true }).click()
  await page.getByRole('alert').getByText('This is not the passphrase.').waitFor()
  await fill(page, { 'Passphrase now': 'correct horse' })
  await page.getByRole('button', { name: 'Change', exact: true }).click()

  await page.getByRole('button', { name: 'Take it away' }).click()
  await fill(page, { 'Passphrase now': 'battery staple' })
  await page.getByRole('button', { name: 'Take the passphrase away' }).click()
  await page.getByText('No passphrase is set.').waitFor()
})

test('a locked profile opens with its passphrase only; a tab beside it says that the other one waits', async () => {
  const { page, context } = await on.open('?world=busy&locked')
  await page.getByRole('heading', { name: 'Your messages are locked' }).waitFor()
  const other = await on.tab(context, '?world=busy&locked')
  await other.getByRole('heading', { name: 'Sotto is open in another tab' }).waitFor()
  await page.bringToFront()
  await page.getByRole('button', { name: 'Open' }).click()
  await page.getByText('Type your passphrase first.').waitFor()
  await page.getByLabel('Passphrase').fill('correct hearse')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('This is not the passphrase. Try again.').waitFor()
  await page.getByLabel('Passphrase').fill('correct horse')
  await page.keyboard.press('Enter')
  for (const tab of [page, other]) await tab.getByRole('heading', { name: 'Chats' }).waitFor()
  await context.close()
})

test('a tab that takes over from a locked one asks for the passphrase itself', async () => {
  const { page, context } = await on.open('?world=busy&locked')
  await page.getByRole('heading', { name: 'Your messages are locked' }).waitFor()
  const other = await on.tab(context, '?world=busy&locked')
  await other.getByRole('button', { name: 'Use it here' }).click()
  await other.getByLabel('Passphrase').fill('correct horse')
  await other.keyboard.press('Enter')
  for (const tab of [page, other]) await tab.getByRole('heading', { name: 'Chats' }).waitFor()
  await context.close()
})

const LIGHT = 'rgb(255, 255, 255)'
const DARK = 'rgb(2, 6, 24)'

/** The colour behind everything, as red, green and blue. */
function groundOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d')
    if (!canvas) throw new Error('no canvas')
    canvas.fillStyle = getComputedStyle(document.body).backgroundColor
    canvas.fillRect(0, 0, 1, 1)
    const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data
    return `rgb(${red}, ${green}, ${blue})`
  })
}

async function openSettings(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.getByRole('menuitem', { name: 'Settings' }).click()
  await page.getByRole('heading', { name: 'Settings' }).waitFor()
}

async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, text] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(text)
}
