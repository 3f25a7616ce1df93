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

test('from the first page to an invitation with the keyboard alone', async () => {
  const page = await on.page('?world=new')
  await page.keyboard.type('Mira')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Chats' }).waitFor()
  await reach(page, 'Invite someone')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Copy link' }).waitFor()
  await reach(page, 'Copy link')
})

test('everything in list and conversation is reached with Tab, and each focus can be seen', async () => {
  const page = await on.page('?world=busy')
  await page.getByRole('button', { name: /^Ana Ruiz/ }).click()
  await page.getByRole('log').waitFor()
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  const seen = new Set<string>()
  for (let step = 0; step < 30; step += 1) {
    await page.keyboard.press('Tab')
    const { name, outlined } = await focused(page)
    if (name !== '') {
      seen.add(name)
      expect(outlined, `the focus on "${name}" can be seen`).toBe(true)
    }
  }
  const wanted = ['Menu', 'New conversation', 'Safety number', 'Messages with Ana Ruiz', 'Message Ana Ruiz']
  for (const name of wanted) expect([...seen]).toContain(name)
  expect(
    [...seen].filter((name) => /Request from Dora|Ana Ruiz|Ben Okafor|Chinwe|Connected/.test(name)).length,
  ).toBeGreaterThanOrEqual(5)
})

test('a dialog holds the focus and gives it back', async () => {
  const page = await on.page('?world=busy')
  await page.getByRole('button', { name: /^Ana Ruiz/ }).click()
  await page.getByRole('button', { name: 'Safety number' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  for (let step = 0; step < 6; step += 1) {
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null)).toBe(true)
  }
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect((await focused(page)).name).toBe('Safety number')
})

test('Escape closes a dialog from the moment that it stands there, above a notice, too', async () => {
  const page = await on.page('?world=busy')
  await page.getByRole('button', { name: /^Ana Ruiz/ }).click()
  await page.evaluate(() => window.fixture.notice('The storage is full.'))
  const notice = page.locator('li').getByText('The storage is full.')
  await notice.waitFor()
  await page.getByRole('button', { name: 'Safety number' }).evaluate(async (opener: HTMLElement) => {
    const stands = new Promise<void>((resolve) => {
      const look = new MutationObserver(() => {
        if (document.querySelector('[role=dialog]') === null) return
        look.disconnect()
        resolve()
      })
      look.observe(document, { subtree: true, childList: true })
    })
    opener.focus()
    opener.click()
    await stands
    const escape = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true })
    document.activeElement?.dispatchEvent(escape)
  })
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect((await focused(page)).name).toBe('Safety number')
})

test('everything in the settings is reached with Tab, and each focus can be seen', async () => {
  const page = await on.page('?world=busy')
  await page.getByRole('button', { name: 'Menu' }).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter') // the first entry
  await page.getByRole('heading', { name: 'Passphrase' }).waitFor()
  await page.getByRole('textbox', { name: 'Your name' }).focus()
  await page.getByRole('button', { name: /^Revoke/ }).waitFor()
  const wanted = ['Your name', 'Save', 'System', 'Revoke: Device 5c5c5c5c', 'Code of the new device', 'Link']
  const relays = ['Remove the relay 127.0.0.1:4781', 'Address of a relay', 'Add relay', 'Relays only']
  expect(await stopsOf(page, 12)).toEqual([...wanted, ...relays, 'Set a passphrase', ''])
})

test('everything in a group’s details is reached with Tab, and each focus can be seen', async () => {
  const page = await on.page('?world=group')
  await page.getByRole('button', { name: /^Weekend hikers/ }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Group details' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', { name: 'Name of the group' }).fill('Walkers')
  const wanted = ['Name of the group', 'Rename', 'Make Ana Ruiz a member again', 'Remove Ana Ruiz']
  const more = ['Make Ben Okafor an admin', 'Remove Ben Okafor', 'Chinwe', 'Leave the group', 'Close']
  expect(await stopsOf(page, 9)).toEqual([...wanted, ...more])
})

test('the focus is never lost to the top of the page when what had it goes', async () => {
  const page = await on.page('?world=busy')
  const isIn = (selector: string) =>
    page.waitForFunction((place) => document.activeElement?.closest(place) !== null, selector)
  await page.evaluate(() => window.fixture.inviteIntoGroup('Ana Ruiz', 'Book club'))
  await page.getByRole('button', { name: 'View' }).press('Enter')
  await page.getByRole('button', { name: 'Accept' }).press('Enter')
  await isIn('[role=status]')
  await page.evaluate(() => window.fixture.takeBack())
  await isIn('[role=status]')
  await page.keyboard.press('Tab')
  expect((await focused(page)).name).toBe('Remove from the list')
  await page.keyboard.press('Enter')
  await isIn('nav')
  await page.getByRole('button', { name: /Dora Klein/ }).press('Enter')
  await page.getByRole('button', { name: 'Decline' }).press('Enter')
  await isIn('nav')
})

test('on a phone the focus goes along to what was opened, and back to the list', async () => {
  const page = await on.page('?world=busy', { viewport: { width: 360, height: 640 } })
  const isIn = (selector: string) =>
    page.waitForFunction((place) => document.activeElement?.closest(place) !== null, selector)
  await page.getByRole('button', { name: /^Ben Okafor/ }).press('Enter')
  await page.getByRole('log').waitFor()
  await isIn('main > div:not(:has(nav)):has([role=log])')
  await page.keyboard.press('Tab')
  expect((await focused(page)).name).toBe('Back to the conversations')
  await page.keyboard.press('Enter')
  await isIn('nav')
})

/** The names of so many tab stops from the focus on; each of them can be seen. */
async function stopsOf(page: Page, count: number): Promise<string[]> {
  const names: string[] = []
  for (let step = 0; step < count; step += 1) {
    const { name, outlined } = await focused(page)
    if (name !== '') expect(outlined, `the focus on "${name}" can be seen`).toBe(true)
    names.push(name)
    await page.keyboard.press('Tab')
  }
  return names
}

async function reach(page: Page, name: string): Promise<void> {
  for (let step = 0; step < 30; step += 1) {
    if ((await focused(page)).name === name) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never reaches "${name}"`)
}

function focused(page: Page): Promise<{ name: string; outlined: boolean }> {
  return page.evaluate(() => {
    const element = document.activeElement
    if (!(element instanceof HTMLElement) || element === document.body) return { name: '', outlined: false }
    // A radio button lies unseen under its label, which shows the focus for it.
    const label =
      element instanceof HTMLInputElement || element instanceof HTMLButtonElement ? element.labels?.[0] : null
    const words = label?.cloneNode(true) as HTMLElement | undefined
    for (const decoration of words?.querySelectorAll('[aria-hidden=true]') ?? []) decoration.remove()
    const shown = [element, ...(label ? [label] : [])].map((one) => getComputedStyle(one))
    return {
      name: element.getAttribute('aria-label') ?? words?.textContent ?? element.textContent,
      outlined: shown.some((one) => one.outlineStyle !== 'none' && Number.parseFloat(one.outlineWidth) >= 1),
    }
  })
}
