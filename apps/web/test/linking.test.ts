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

const WELCOME = 'Welcome to Sotto'
const code = (page: Page) => page.getByRole('textbox', { name: 'Code of this device' })

test('by keyboard: the code is there to be read and copied, and the page opens with the name once it was answered', async () => {
  const { page, context } = await on.open('?world=new&fresh', { permissions: ['clipboard-read', 'clipboard-write'] })
  await page.getByRole('textbox', { name: 'Your name' }).focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText('Whoever has the code can take this device in').waitFor()
  await page.getByRole('status').getByText('Waiting for your other device…').waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Code copied' }).waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await code(page).inputValue())

  await page.evaluate(() => window.linking.answer())
  await page.getByRole('dialog', { name: 'This device is linked' }).getByText('It is a device of Mira now.').waitFor()
  await page.getByRole('button', { name: 'Go to my conversations' }).click()
  await page.getByRole('heading', { name: 'Chats' }).waitFor()
  await context.close()
})

test('with the recovery words it becomes a device of the account that was lost; what is missing or wrong is said', async () => {
  const page = await on.page('?world=new&fresh')
  await page.getByRole('button', { name: 'Restore from the recovery words' }).click()
  await page.getByText('Your lost devices are out there from then on.').waitFor()
  await page.getByRole('button', { name: 'Restore', exact: true }).click()
  await page.getByText('Type the 24 words first.').waitFor()
  const words = page.getByRole('textbox', { name: 'Recovery words' })
  await words.fill('abandon ability')
  await page.getByRole('textbox', { name: 'Your name' }).fill('Mira')
  await page.getByRole('button', { name: 'Restore', exact: true }).click()
  await page.getByText('These are not the 24 recovery words.').waitFor()
  await words.fill('abandon '.repeat(24))
  await page.getByRole('button', { name: 'Restore', exact: true }).click()
  await page.getByRole('heading', { name: 'Chats' }).waitFor()
  // Those of the account that the first visit made are nobody's, and not offered as this one's.
  expect(await page.getByText('Write down your recovery words').count()).toBe(0)
})

test('it can be cancelled, and a name chosen instead', async () => {
  const page = await on.page('?world=new')
  await show(page)
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('heading', { name: WELCOME }).waitFor()
  await page.getByRole('textbox', { name: 'Your name' }).fill('Mira')
  await page.getByRole('button', { name: 'Start' }).click()
  await page.getByRole('heading', { name: 'Chats' }).waitFor()
})

test('an expired code is called that, and a new one is shown when asked for; what else fails is said', async () => {
  const page = await on.page('?world=new')
  await show(page)
  await page.evaluate(() => window.linking.expire())
  await page.getByRole('alert').getByText('This code has expired').waitFor()
  expect(await code(page).isVisible()).toBe(false)
  await page.keyboard.press('Enter') // the focus is on what goes on
  await code(page).waitFor()
  await page.evaluate(() => window.linking.fail('No relay could be reached.'))
  await page.getByRole('alert').getByText('No relay could be reached.').waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('heading', { name: WELCOME }).waitFor()
})

test('a tab that mirrors another one takes over for it; both show the account, and neither the words of the one that is gone', async () => {
  const { page: first, context } = await on.open('?world=new&fresh')
  await first.getByRole('heading', { name: WELCOME }).waitFor()
  const second = await on.tab(context, '?world=new')
  await second.getByRole('heading', { name: WELCOME }).waitFor()
  await show(second)
  await second.evaluate(() => window.linking.answer())
  await second.getByRole('dialog', { name: 'This device is linked' }).waitFor()
  await first.getByRole('heading', { name: 'Chats' }).waitFor()
  expect(await first.getByText('Write down your recovery words').isVisible()).toBe(false)
  await context.close()
})

test('a tab that shows a code steps down for another one', async () => {
  const { page: first, context } = await on.open('?world=new')
  await show(first)
  const second = await on.tab(context, '?world=new')
  await second.getByRole('button', { name: 'Use it here' }).click()
  for (const page of [second, first]) await page.getByRole('heading', { name: WELCOME }).waitFor()
  await context.close()
})

async function show(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Link to a device you have' }).click()
  await code(page).waitFor()
}
