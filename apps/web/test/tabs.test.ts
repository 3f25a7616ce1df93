import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stage, ticks } from './browser.ts'
import type { Stage } from './browser.ts'

let on: Stage
beforeAll(async () => {
  on = await stage()
})
afterAll(async () => {
  await on.close()
  expect(on.problems).toEqual([])
})

test('a second tab shows the same as the first, and what either writes stands in both', async () => {
  const { page: first, context } = await on.open('?world=busy')
  const second = await on.tab(context, '?world=new') // its own world: what it shows is the first one's
  for (const page of [first, second]) await openAna(page)
  expect((await textsOf(second)).slice(-6)).toEqual((await textsOf(first)).slice(-6))

  await say(second, 'From the second tab')
  await first.getByRole('log').getByText('From the second tab').waitFor()
  await say(first, 'From the first tab')
  await second.getByRole('log').getByText('From the first tab').waitFor()
  await first.evaluate(() => window.fixture.reach('read'))
  await second.waitForFunction(
    () => [...document.querySelectorAll('[role=log] [role=img]')].at(-1)?.ariaLabel === 'Read',
  )
  expect((await ticks(second)).slice(-4)).toEqual((await ticks(first)).slice(-4)) // those above may not be in sight
  await first.evaluate(() => window.fixture.notice('The disk is full.'))
  for (const page of [first, second]) await page.getByText('The disk is full.').first().waitFor()
  await context.close()
})

test('an intent that fails is told in the tab that asked, and only there', async () => {
  const { page: first, context } = await on.open('?world=busy')
  const second = await on.tab(context)
  for (const page of [first, second]) await openAna(page)
  await first.evaluate(() => window.fixture.fail('send', 'The disk is full. Free some space, then send again.'))
  await second.getByRole('textbox', { name: 'Message Ana Ruiz' }).fill('keep me')
  await second.keyboard.press('Enter')
  await second.getByRole('alert').getByText('The disk is full.').waitFor()
  expect(await second.getByRole('textbox', { name: 'Message Ana Ruiz' }).inputValue()).toBe('keep me')
  expect(await first.getByRole('alert').count()).toBe(0)
  await context.close()
})

test('when the leading tab is closed, the other one goes on by itself and keeps what is open', async () => {
  const { page: first, context } = await on.open('?world=busy')
  const second = await on.tab(context, '?world=busy')
  await openAna(second)
  await second.getByRole('textbox', { name: 'Message Ana Ruiz' }).fill('half a sent')
  await first.close()
  await second.waitForFunction(() => window.fixture !== undefined)
  expect(await second.getByRole('textbox', { name: 'Message Ana Ruiz' }).inputValue()).toBe('half a sent')
  await say(second, 'And the rest')
  await context.close()
})

test('a send that nobody answered is asked again by its key; what could happen twice is not, and says so', async () => {
  const { page: first, context } = await on.open('?world=busy')
  const second = await on.tab(context, '?world=busy')
  await openAna(second)
  await first.evaluate(() => ['send', 'invite'].forEach((name) => window.fixture.hold(name as 'send')))
  await second.getByRole('textbox', { name: 'Message Ana Ruiz' }).fill('In the middle')
  await second.keyboard.press('Enter')
  await second.getByRole('log').getByText('In the middle').waitFor()
  const keys = await first.evaluate(() => window.fixture.keys)
  expect(keys).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)])
  await second.getByRole('button', { name: 'New conversation' }).click()
  await second.getByRole('menuitem', { name: 'Invite someone' }).click()
  await second.getByText('Making an invitation…').waitFor()
  await first.close()
  await second.getByRole('alert').getByText('The tab that was doing this was closed in the middle of it.').waitFor()
  expect(await second.evaluate(() => window.fixture.keys)).toEqual(keys)
  await context.close()
})

test('of three tabs the ones that are left show the same when the leader is gone', async () => {
  const { page: first, context } = await on.open('?world=busy')
  const second = await on.tab(context, '?world=busy')
  const third = await on.tab(context, '?world=busy')
  for (const page of [second, third]) await openAna(page)
  await first.close()
  await second.waitForFunction(() => window.fixture !== undefined)
  await say(third, 'Who leads?')
  await second.getByRole('log').getByText('Who leads?').waitFor()
  await context.close()
})

// A person looks at the tab that they use; behind another one a click takes seconds.
async function openAna(page: Page): Promise<void> {
  await page.bringToFront()
  await page.getByRole('button', { name: /^Ana Ruiz/ }).click()
  await page.getByRole('log').getByText('On my way').waitFor()
}

async function say(page: Page, text: string): Promise<void> {
  await page.bringToFront()
  const box = page.getByRole('textbox', { name: 'Message Ana Ruiz' })
  await box.fill(text)
  await box.press('Enter')
  await page.getByRole('log').getByText(text).waitFor()
}

function textsOf(page: Page): Promise<string[]> {
  return page.getByRole('log').locator('p[dir]').allTextContents()
}
