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

test('the inviter gets from the first page to chatting in five clicks', async () => {
  const { page, context } = await on.open('?world=new')
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const clicks = await countClicks(page)
  expect(await page.getByRole('textbox').count()).toBe(1)
  expect(await page.getByRole('button').allTextContents()).toEqual([
    'Start',
    'Link to a device you have',
    'Restore from the recovery words',
  ])
  await page.getByRole('textbox', { name: 'Your name' }).fill('Mira')
  await page.getByRole('button', { name: 'Start' }).click()

  const pane = page.getByRole('main')
  await pane.getByRole('button', { name: 'Invite someone' }).click()
  await page.getByRole('img', { name: 'QR code of the invitation link' }).waitFor()
  await page.getByText(/^Works once, until /).waitFor()
  await page.getByRole('button', { name: 'Copy link' }).click()
  await page.getByRole('button', { name: 'Link copied' }).waitFor()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  expect(link).toBe(await page.getByRole('textbox', { name: 'Invitation link' }).inputValue())
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#i=/)

  await page.evaluate(() => window.fixture.request('Ben Okafor', 'Hello, it is me'))
  await page.getByRole('main').getByRole('button', { name: 'See it' }).click()
  expect(await page.getByText('Hello, it is me').last().isVisible()).toBe(true)
  expect(await page.getByText('is not the same account').count()).toBe(0)
  // The notice about the request has nothing to say any more.
  await page.getByRole('button', { name: 'View' }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Accept' }).click()
  await page.getByRole('log', { name: 'Messages with Ben Okafor' }).getByText('Hello, it is me').waitFor()
  expect(await clicks()).toBe(5)
  await context.close()
})

test('a link on the first run asks for name and hello in one step, and leaves the address bar', async () => {
  const page = await on.page('?world=new#i=abc')
  const clicks = await countClicks(page)
  await page.getByRole('heading', { name: 'Ana Ruiz invites you' }).waitFor()
  await page.getByRole('button', { name: 'Say hello' }).click()
  await page.getByText('Type a name first').waitFor()
  await page.getByRole('textbox', { name: 'Your name' }).fill('Mira')
  await page.getByRole('textbox', { name: 'Your hello' }).fill('Hi Ana, it is Mira')
  await page.getByRole('button', { name: 'Say hello' }).click()
  await page.getByRole('log').getByText('Hi Ana, it is Mira').waitFor()
  await page.getByText('Ana Ruiz has not accepted yet').waitFor()
  expect(new URL(page.url()).hash).toBe('')
  expect(await clicks()).toBe(2) // one of them was the mistake
})

test('a pasted link is checked, and a wrong one is refused with the sentence of the client', async () => {
  const page = await on.page('?world=empty')
  await page.getByRole('main').getByRole('button', { name: 'I have an invite' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByText('Paste an invitation link first.').waitFor()
  await page.getByRole('textbox', { name: 'Invitation link' }).fill('hello')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('alert').getByText('This is no invitation link of Sotto.').waitFor()
  await page.getByRole('textbox', { name: 'Invitation link' }).fill('sotto:#i=abc')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: 'Ana Ruiz invites you' }).waitFor()
  await page.evaluate(() => window.fixture.fail('join', 'This invitation was already used. Ask for a new one.'))
  await page.getByRole('button', { name: 'Say hello' }).click()
  await page.getByRole('alert').getByText('This invitation was already used.').waitFor()
  await page.getByRole('button', { name: 'Say hello' }).click()
  await page.getByRole('log').waitFor()
})

test('an opened link that does not work says why, and offers another', async () => {
  const page = await on.page('?world=busy')
  await page.evaluate(() => {
    window.fixture.fail('preview', 'This invitation has expired. Ask for a new one.')
    location.hash = '#i=expired'
  })
  await page.getByRole('heading', { name: 'This invitation does not work' }).waitFor()
  await page.getByRole('alert').getByText('This invitation has expired.').waitFor()
  await page.getByRole('button', { name: 'Use another link' }).click()
  await page.getByRole('textbox', { name: 'Invitation link' }).waitFor()
  expect(new URL(page.url()).hash).toBe('')
})

test('the link of one’s own invitation is told apart', async () => {
  const page = await on.page('?world=empty#i=own')
  await page.getByRole('alert').getByText('This is your own invitation.').waitFor()
  await page.getByRole('button', { name: 'Use another link' }).click()
  await page.getByRole('textbox', { name: 'Invitation link' }).fill('sotto:#i=abc')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: 'Ana Ruiz invites you' }).waitFor()
})

test('a link that comes while the name is asked does not lose the hello', async () => {
  const page = await on.page('?world=new')
  await page.evaluate(() => void (location.hash = '#i=abc'))
  await page.getByRole('heading', { name: 'Ana Ruiz invites you' }).waitFor()
  await page.evaluate(() => window.fixture.fail('join', 'No relay answers. Try again when you are online.'))
  await page.getByRole('textbox', { name: 'Your name' }).fill('Mira')
  await page.getByRole('textbox', { name: 'Your hello' }).fill('Do not lose me')
  await page.getByRole('button', { name: 'Say hello' }).click()
  await page.getByRole('alert').getByText('No relay answers.').waitFor()
  expect(await page.getByRole('textbox', { name: 'Your hello' }).inputValue()).toBe('Do not lose me')
  await page.getByRole('button', { name: 'Say hello' }).click()
  await page.getByRole('log').getByText('Do not lose me').waitFor()
})

test('an invitation that cannot be made, and one taken back, say so', async () => {
  const page = await on.page('?world=empty')
  await page.evaluate(() => window.fixture.fail('invite', 'No relay answers. Try again when you are online.'))
  await page.getByRole('main').getByRole('button', { name: 'Invite someone' }).click()
  await page.getByRole('alert').getByText('No relay answers.').waitFor()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('button', { name: 'Take it back' }).click()
  await page.getByText('You took this invitation back.').waitFor()
  await page.getByRole('button', { name: 'Make a new one' }).click()
  await page.getByRole('button', { name: 'Copy link' }).waitFor()
})

test('other open invitations are listed, and each is taken back with the keyboard', async () => {
  const page = await openInvite(2)
  const others = page.getByRole('region', { name: 'Other open invitations' })
  await others
    .getByRole('listitem')
    .getByText(/^Works once, until /)
    .first()
    .waitFor()
  expect(await others.getByRole('listitem').count()).toBe(2)
  await page.getByRole('button', { name: /^Take back the invitation whose link ends in .*YXlz1$/ }).focus()
  await page.keyboard.press('Enter')
  const status = page.getByRole('status').filter({ hasText: 'You took back the invitation whose link ends in' })
  await status.getByText('YXlz1. That link does nothing any more.').waitFor()
  expect(await others.getByRole('listitem').count()).toBe(1)
  expect(await status.evaluate((place) => place === document.activeElement)).toBe(true)
  // What is on show was left alone.
  await page.getByRole('img', { name: 'QR code of the invitation link' }).waitFor()
  await page.evaluate(() => window.fixture.fail('revoke', 'This copy is retired.'))
  await others.getByRole('button').click()
  await page.getByRole('alert').getByText('This copy is retired.').waitFor()
  await others.getByRole('button').click()
  await others.waitFor({ state: 'detached' })
})

test('an invitation that was used up is not on show any more, whatever the hello is answered', async () => {
  const page = await openInvite(0)
  await page.evaluate(() => window.fixture.request('Kofi', 'Hello'))
  const used = page.getByRole('status').getByText('This invitation is used up')
  await used.waitFor()
  expect(await page.getByRole('img', { name: /QR code/ }).count()).toBe(0)
  expect(await page.getByText('Works once').count()).toBe(0)
  await page.getByRole('main').getByRole('button', { name: 'See it' }).click()
  await page.getByRole('button', { name: 'Decline' }).click()
  await page.getByRole('main').getByRole('button', { name: 'Invite someone' }).last().click()
  const link = page.getByRole('textbox', { name: 'Invitation link' })
  await link.waitFor() // another one: the first would let nobody in
  expect(await link.inputValue()).toMatch(/2$/)
  expect(await page.getByRole('region', { name: 'Other open invitations' }).count()).toBe(0)
})

test('a request can be declined, and blocked after a question', async () => {
  const page = await on.page('?world=busy')
  await page.getByRole('button', { name: 'Request from Dora Klein' }).click()
  await page.getByRole('button', { name: 'Block' }).click()
  const question = page.getByRole('alertdialog', { name: 'Block Dora Klein?' })
  await question.getByText('In groups that both of you are in, you go on reading each other.').waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Block' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Block' }).click()
  await page.getByRole('heading', { name: 'Requests' }).waitFor({ state: 'detached' })

  await page.evaluate(() => window.fixture.request('Kofi', 'Hello'))
  await page.getByRole('button', { name: 'View' }).click()
  await page.getByRole('button', { name: 'Decline' }).click()
  await page.getByRole('button', { name: 'Request from Kofi' }).waitFor({ state: 'detached' })
})

test('the safety number is twelve groups of five digits, and marking it shows the shield', async () => {
  const page = await on.page('?world=busy')
  await page.getByRole('button', { name: /^Ben Okafor/ }).click()
  await page.getByRole('button', { name: 'Safety number' }).click()
  const groups = await page
    .getByRole('list', { name: 'Safety number in groups of five digits' })
    .getByRole('listitem')
    .allTextContents()
  expect(groups).toHaveLength(12)
  expect(groups.every((group) => /^\d{5}$/.test(group))).toBe(true)
  await page.getByRole('button', { name: 'Mark as verified' }).click()
  await page.getByText('Verified: you compared this number.').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'Ben Okafor' }).getByRole('img', { name: 'Verified' }).waitFor()
})

test('the connection chip tells how things stand, and its details tell what waits', async () => {
  const page = await on.page('?world=busy')
  await page.getByRole('button', { name: 'Connected · 1 direct, 1 via relay' }).click()
  const details = page.getByRole('dialog', { name: 'Connection' })
  await details.getByText('127.0.0.1:4781').waitFor()
  await details.getByText('2 messages for Ben Okafor').waitFor()
  await page.keyboard.press('Escape')
  await page.evaluate(() =>
    window.fixture.change((client) => ({
      ...client,
      relays: client.relays.map((relay) => ({ ...relay, reachable: false, problem: 'no answer' })),
      conversations: client.conversations.map((one) => ({ ...one, connection: 'none' as const })),
    })),
  )
  await page.getByRole('button', { name: 'Offline · messages are sent later' }).click()
  await details.getByText('Not reachable: no answer').waitFor()
})

test('the recovery words can be seen until they are written down', async () => {
  const page = await on.page('?world=empty&fresh')
  await page.getByRole('button', { name: 'Show' }).click()
  const words = page.getByRole('list', { name: 'Your recovery words, in order' }).getByRole('listitem')
  expect(await words.count()).toBe(24)
  await page.getByRole('button', { name: 'I have written them down' }).click()
  expect(await page.getByRole('button', { name: 'Show' }).count()).toBe(0)
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.getByRole('menuitem', { name: 'Settings' }).waitFor()
  expect(await page.getByRole('menuitem', { name: 'Recovery words' }).count()).toBe(0)
})

test('notices are shown as sentences', async () => {
  const page = await on.page('?world=busy')
  await page.evaluate(() => window.fixture.notice('The disk is full. Free some space, then try again.'))
  await page.getByText('The disk is full.').first().waitFor()
})

/** Counts what a person clicks, typing aside. */
async function countClicks(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    let clicks = 0
    document.addEventListener('click', () => (clicks += 1), { capture: true })
    Object.assign(window, { clicks: () => clicks })
  })
  return () => page.evaluate(() => (window as unknown as { clicks(): number }).clicks())
}

test('somebody of the name of a contact who is not that contact is told from them before one accepts', async () => {
  const page = await on.page('?world=busy')
  await page.evaluate(() => window.fixture.request('Ana Ruiz', 'Hello, it is me'))
  await page.getByRole('button', { name: 'View' }).click()
  await page.getByText('this is not the same account').waitFor()
})

/** Somebody with so many other open invitations looks at a new one. */
async function openInvite(others: number): Promise<Page> {
  const page = await on.page('?world=empty')
  await page.getByRole('main').getByRole('button', { name: 'Invite someone' }).first().click()
  for (let made = 1; made <= others; made += 1) {
    await page.getByRole('img', { name: 'QR code of the invitation link' }).waitFor()
    await page.getByRole('button', { name: 'Make a new one' }).click()
    await page
      .getByText('Link ending in ')
      .nth(made - 1)
      .waitFor()
  }
  await page.getByRole('img', { name: 'QR code of the invitation link' }).waitFor()
  return page
}
