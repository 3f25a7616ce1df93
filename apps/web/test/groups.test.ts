import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stage, ticks } from './browser.ts'
import type { Look, Stage } from './browser.ts'

let on: Stage
beforeAll(async () => {
  on = await stage()
})
afterAll(async () => {
  await on.close()
  expect(on.problems).toEqual([])
})

test('a group is made of a name and of people, who are asked', async () => {
  const page = await on.page('?world=busy')
  await page.getByRole('button', { name: 'New conversation' }).click()
  await page.getByRole('menuitem', { name: 'New group' }).click()
  await page.getByRole('button', { name: 'Create the group' }).click()
  await page.getByRole('alert').getByText('Give the group a name first.').waitFor()
  await page.getByRole('textbox', { name: 'Name of the group' }).pressSequentially('H')
  await page.getByRole('alert').getByText('Give the group a name first.').waitFor({ state: 'detached' })
  await page.getByRole('textbox', { name: 'Name of the group' }).fill('Hikers')
  await page.getByRole('checkbox', { name: 'Ana Ruiz' }).press('Space')
  await page.getByRole('checkbox', { name: 'Chinwe' }).check()
  await page.getByRole('button', { name: 'Create the group' }).click()
  await page.getByRole('log').getByText('You created the group “Hikers”').waitFor()
  await details(page)
  await page.getByRole('heading', { name: 'Invited' }).waitFor()
  const invited = page.getByRole('region', { name: 'Invited' }).getByRole('listitem')
  for (const name of ['Ana Ruiz', 'Chinwe']) await invited.getByText(name, { exact: true }).waitFor()
  expect(await invited.count()).toBe(2)
  await page.getByRole('button', { name: 'Take back the invitation of Ana Ruiz' }).click()
  await page.getByRole('checkbox', { name: 'Ana Ruiz' }).check()
  await page.getByRole('button', { name: 'Invite into the group' }).click()
  await invited.nth(1).waitFor()
  // Who is asked already is not offered again.
  expect(await page.getByRole('checkbox').count()).toBe(1)
  await page.getByRole('checkbox', { name: 'Ben Okafor' }).check()
  await page.getByRole('button', { name: 'Invite into the group' }).click()
  await invited.nth(2).waitFor()
})

test('what was done to the group, by whom, stands between the messages; ticks count people', async () => {
  const page = await openHikers()
  const log = page.getByRole('log')
  for (const line of [
    'Ana Ruiz added Ben Okafor',
    'You named the group “Weekend hikers”',
    'You made Ana Ruiz an admin',
    'Ana Ruiz removed Eve',
    'A former member left',
  ]) {
    await log.getByText(line, { exact: true }).waitFor()
  }
  expect((await ticks(page)).slice(-2)).toEqual([
    'Delivered · delivered to 2 of 2, read by 1',
    'Sent: stored at a relay · delivered to 1 of 2, read by 0',
  ])
  await log.getByText('· read 1 of 2').waitFor()
  await log.getByText('· 1 of 2').waitFor()
  const region = page.getByRole('region', { name: 'Conversation' })
  await region.getByText('3 people · Direct connection').waitFor()
  expect(await region.getByRole('button', { name: /Block|Safety number/ }).count()).toBe(0)
})

test('roles are changed and people removed after a question, and each is told in the conversation', async () => {
  const page = await openHikers()
  await details(page)
  await page.getByRole('button', { name: 'Make Ben Okafor an admin' }).click()
  await page.getByRole('button', { name: 'Make Ben Okafor a member again' }).waitFor()
  await page.getByRole('button', { name: 'Make Ana Ruiz a member again' }).click()
  await page.getByRole('button', { name: 'Make Ana Ruiz an admin' }).waitFor()
  await page.getByRole('button', { name: 'Remove Ben Okafor' }).click()
  await page.getByRole('alertdialog', { name: 'Remove Ben Okafor from the group?' }).waitFor()
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByRole('button', { name: 'Remove Ben Okafor' }).waitFor({ state: 'detached' })
  await page.getByRole('listitem').filter({ hasText: 'Eve' }).getByText('on the way out').waitFor()
  await page.getByRole('textbox', { name: 'Name of the group' }).fill('Hikers again')
  await page.getByRole('button', { name: 'Rename' }).click()
  await page.keyboard.press('Escape')
  for (const line of ['You removed Ben Okafor', 'You named the group “Hikers again”']) {
    await page.getByRole('log').getByText(line).waitFor()
  }
  await page.getByRole('heading', { name: 'Hikers again' }).waitFor()
})

test.each(['light', 'dark'] as const)('a question over the details dims them, on a phone: %s', async (colorScheme) => {
  const page = await openHikers({
    viewport: { width: 390, height: 844 },
    colorScheme,
    reducedMotion: 'reduce',
  })
  await details(page)
  const box = await page.getByRole('heading', { name: 'Group details' }).boundingBox()
  if (!box) throw new Error('no heading')
  // Nothing is written at the end of the line.
  const ground = { x: box.x + box.width - 2, y: box.y + 2, width: 1, height: 1 }
  const bright = await page.screenshot({ clip: ground })
  expect(bright.equals(await page.screenshot({ clip: ground }))).toBe(true)
  for (const name of ['Remove Ben Okafor', 'Leave the group']) {
    await page.getByRole('button', { name }).click()
    await page.getByRole('alertdialog').waitFor()
    expect(bright.equals(await page.screenshot({ clip: ground }))).toBe(false)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('alertdialog').waitFor({ state: 'detached' })
    expect(bright.equals(await page.screenshot({ clip: ground }))).toBe(true)
  }
})

test('what the client refuses is said where it was asked for', async () => {
  const page = await openHikers()
  await details(page)
  await page.evaluate(() => window.fixture.fail('groupRole', 'Somebody with a higher rank has decided otherwise.'))
  await page.getByRole('button', { name: 'Make Ben Okafor an admin' }).click()
  await page.getByRole('alert').getByText('Somebody with a higher rank has decided otherwise.').waitFor()
})

test('who has left can read, and not write, and was told before if nobody else manages the group', async () => {
  const page = await openHikers()
  await details(page)
  await page.getByRole('button', { name: 'Leave the group' }).click()
  expect(await page.getByRole('alertdialog').getByText('Nobody else manages this group').count()).toBe(0)
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Make Ana Ruiz a member again' }).click()
  await page.getByRole('button', { name: 'Make Ana Ruiz an admin' }).waitFor()
  await page.getByRole('button', { name: 'Leave the group' }).click()
  await page.getByRole('alertdialog').getByText('Nobody else manages this group').waitFor()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click()
  await page.getByText('You are not in this group any more.').waitFor()
  await page.getByRole('log').getByText('You left').waitFor()
  expect(await page.getByRole('textbox').count()).toBe(0)
  await details(page)
  expect(
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Make|Remove|Leave|Rename|Invite/ })
      .count(),
  ).toBe(0)
})

test('an invitation into a group says whose it is, and opens the group once one is let in', async () => {
  const page = await on.page('?world=busy')
  await page.evaluate(() => window.fixture.inviteIntoGroup('Ana Ruiz', 'Book club'))
  await page.getByText('Ana Ruiz invites you into “Book club”').first().waitFor()
  await page.getByRole('button', { name: 'View' }).click()
  await page.getByRole('heading', { name: 'Invitation into “Book club”' }).waitFor()
  await page.getByRole('button', { name: 'Accept' }).click()
  await page.getByText('You have accepted.').waitFor()
  await page.evaluate(() => window.fixture.letIn('Book club'))
  await page.getByRole('log').getByText('Ana Ruiz added you').waitFor()
  await details(page)
  expect(await page.getByRole('dialog').getByRole('textbox').count()).toBe(0) // a member manages nothing
  await page.keyboard.press('Escape')
  await page.evaluate(() => window.fixture.rekey(true))
  await page.getByText('which Ana Ruiz’s device does.').waitFor()
})

test('a yes is listed until one is let in, and an invitation that was taken back until that was seen', async () => {
  const page = await on.page('?world=busy')
  await page.evaluate(() => window.fixture.inviteIntoGroup('Ana Ruiz', 'Book club'))
  await page.getByRole('button', { name: 'View' }).click()
  await page.getByRole('button', { name: 'Accept' }).click()
  const waiting = page.getByRole('list', { name: 'Groups you are not in yet' }).getByRole('button')
  await waiting.getByText('Waiting to be let in by Ana Ruiz').waitFor()
  await page.getByRole('button', { name: /^Chinwe/ }).click()
  await waiting.click()
  await page.getByText('You have accepted.').waitFor()
  await page.evaluate(() => window.fixture.takeBack())
  await page.getByRole('status').getByText('Ana Ruiz has taken this invitation back.').waitFor()
  await waiting.getByText('Taken back by Ana Ruiz').waitFor()
  await page.getByRole('button', { name: 'Remove from the list' }).click()
  await waiting.waitFor({ state: 'detached' })
})

test('while keys are changed, that is said, and by whom', async () => {
  const page = await openHikers()
  const waits = page.getByText('What you write waits until the keys are changed, which your device does.')
  await page.evaluate(() => window.fixture.rekey(true))
  await waits.waitFor()
  await page.evaluate(() => window.fixture.rekey(false))
  await waits.waitFor({ state: 'detached' })
})

async function openHikers(look?: Look): Promise<Page> {
  const page = await on.page('?world=group', { viewport: { width: 1280, height: 1600 }, ...look })
  await page.getByRole('button', { name: /^Weekend hikers/ }).click()
  await page.getByRole('log').getByText('And cake').waitFor()
  return page
}

async function details(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Group details' }).click()
  await page.getByRole('dialog', { name: 'Group details' }).waitFor()
}
