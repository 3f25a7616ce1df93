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

const PHONE = { viewport: { width: 390, height: 780 } }

test('ticks say in words how far a message has come', async () => {
  const page = await on.page('?world=busy')
  await page.getByRole('button', { name: /^Ana Ruiz/ }).click()
  const box = page.getByRole('textbox', { name: 'Message Ana Ruiz' })
  await box.fill('One more thing')
  await box.press('Enter')
  await page.getByRole('log').getByText('One more thing').waitFor()
  expect(await box.inputValue()).toBe('')
  expect((await ticks(page)).at(-1)).toBe('Queued on this device')
  const steps = { sent: 'Sent: stored at a relay', delivered: 'Delivered', read: 'Read' } as const
  for (const [state, words] of Object.entries(steps)) {
    await page.evaluate((to) => window.fixture.reach(to as 'sent'), state)
    expect((await ticks(page)).at(-1)).toBe(words)
  }
})

test('Shift+Enter makes a line, Enter sends both', async () => {
  const page = await on.page('?world=busy')
  await page.getByRole('button', { name: /^Ana Ruiz/ }).click()
  await page.keyboard.type('first')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('second')
  await page.keyboard.press('Enter')
  const sent = page.getByRole('log').getByText('first')
  await sent.waitFor()
  expect(await sent.innerText()).toBe('first\nsecond')
})

test('a message over 16 KiB is not sent, and the room is told before', async () => {
  const page = await on.page('?world=busy')
  await page.getByRole('button', { name: /^Ana Ruiz/ }).click()
  const box = page.getByRole('textbox', { name: 'Message Ana Ruiz' })
  await box.fill('a'.repeat(16_000))
  await page.getByText('384 bytes left').waitFor()
  await box.fill('ä'.repeat(8_193))
  await page.getByRole('alert').getByText('This message is 2 bytes too long. Send it in parts.').waitFor()
  expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true)
  await box.press('Enter')
  expect(await box.inputValue()).toHaveLength(8_193)
})

test('what could not be stored stays in the composer, with the reason', async () => {
  const page = await on.page('?world=busy')
  await page.getByRole('button', { name: /^Ana Ruiz/ }).click()
  await page.evaluate(() => window.fixture.fail('send', 'The disk is full. Free some space, then send again.'))
  await page.keyboard.type('keep me')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('The disk is full.').waitFor()
  expect(await page.getByRole('textbox', { name: 'Message Ana Ruiz' }).inputValue()).toBe('keep me')
})

test('a draft waits in its conversation', async () => {
  const page = await on.page('?world=busy')
  await page.getByRole('button', { name: /^Ana Ruiz/ }).click()
  await page.keyboard.type('not yet')
  await page.getByRole('button', { name: /^Ben Okafor/ }).click()
  expect(await page.getByRole('textbox', { name: 'Message Ben Okafor' }).inputValue()).toBe('')
  await page.getByRole('button', { name: /^Ana Ruiz/ }).click()
  expect(await page.getByRole('textbox', { name: 'Message Ana Ruiz' }).inputValue()).toBe('not yet')
})

test('a draft is there again after the page was loaded anew', async () => {
  const page = await on.page('?world=busy')
  const box = page.getByRole('textbox', { name: 'Message Ana Ruiz' })
  const again = async () => {
    await page.goto(`${on.url}?world=busy`)
    await page.getByRole('button', { name: /^Ana Ruiz/ }).click()
    await box.waitFor()
  }
  await page.getByRole('button', { name: /^Ana Ruiz/ }).click()
  await page.keyboard.type('not yet')
  await again()
  await page.waitForFunction(() => document.querySelector('textarea')?.value === 'not yet')
  await box.fill('')
  await again()
  expect(await page.evaluate(() => sessionStorage.getItem('fixture-drafts'))).toMatch(/^\{"e[^"]+":""\}$/)
  expect(await box.inputValue()).toBe('')
})

test('an address opens beside the page, and the other side learns nothing of where it was', async () => {
  const { page, context } = await on.open('?world=busy')
  await page.getByRole('button', { name: /^Ana Ruiz/ }).click()
  await page.evaluate(() =>
    window.fixture.receive('https://bank.example@evil.example/ javascript:alert(1) https://example.org/<b>x</b>'),
  )
  await page.getByRole('log').getByText('javascript:alert(1)').waitFor()
  const links = await page
    .getByRole('log')
    .getByRole('link')
    .evaluateAll((all) => all.map((link) => ['href', 'target', 'rel'].map((name) => link.getAttribute(name))))
  const safely = ['_blank', 'noopener noreferrer nofollow']
  // Whatever turns the text around it around.
  const link = page.getByRole('link', { name: 'https://example.org/map?zoom=3' })
  const { direction, unicodeBidi } = await link.evaluate((element) => ({ ...getComputedStyle(element) }))
  expect([direction, unicodeBidi]).toEqual(['ltr', 'isolate'])
  expect(links).toEqual([
    ['https://example.org/a-very-long-address-that-must-not-push-the-bubble-over-the-edge', ...safely],
    ['https://example.org/map?zoom=3', ...safely],
    ['https://example.org/', ...safely],
  ])
  const asked = new Promise<string | undefined>((resolve) => {
    void context.route('https://example.org/**', (route) => {
      resolve(route.request().headers()['referer'])
      return route.fulfill({ contentType: 'text/html', body: '<script>document.title = String(opener)</script>' })
    })
  })
  const [opened] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('link', { name: 'https://example.org/map?zoom=3' }).click(),
  ])
  expect(await asked).toBeUndefined()
  await opened.waitForFunction(() => document.title === 'null')
  await context.close()
})

test('a message’s text is copied as it was written, by mouse and by keyboard', async () => {
  const { page, context } = await on.open('?world=busy')
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: /^Ana Ruiz/ }).click()
  const row = page.getByRole('listitem').filter({ hasText: 'Perfect, see you at 6' })
  await row.hover()
  await row.getByRole('button', { name: 'Copy the text' }).click()
  await row.getByRole('status').getByText('Copied').waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('Perfect, see you at 6 ✌️')

  await page.getByRole('textbox', { name: 'Message Ana Ruiz' }).focus()
  await page.keyboard.press('Shift+Tab') // to the newest message
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForFunction(async () => (await navigator.clipboard.readText()).startsWith('I will bring the map'))
  await context.close()
})

test('gaps, days and the start of the new messages are lines one can see', async () => {
  const page = await on.page('?world=busy', { viewport: { width: 1280, height: 1400 } })
  expect(await page.title()).toBe('(3) Sotto')
  await page.getByRole('button', { name: /^Ana Ruiz/ }).click()
  const log = page.getByRole('log')
  await log.getByText('2 messages from Ana Ruiz are missing.').waitFor()
  await log.getByText('Yesterday').waitFor()
  await log.getByText('Today').waitFor()
  await log.getByText('New messages').waitFor()
  await page.waitForFunction(() => document.title === '(1) Sotto')
})

test('words under the name tell how the other is reached', async () => {
  const page = await on.page('?world=busy')
  const words = {
    'Ana Ruiz': 'Direct connection',
    'Ben Okafor': 'Via relay · Waiting for Ben Okafor’s device',
    Chinwe: 'Offline · messages are kept here and go out later',
  }
  for (const [name, line] of Object.entries(words)) {
    await page.getByRole('button', { name: new RegExp(`^${name}`) }).click()
    await page.getByRole('region', { name: 'Conversation' }).getByText(line, { exact: true }).waitFor()
  }
})

test('a new message is in sight at the end, and does not move a reader who looks at older ones', async () => {
  const page = await on.page('?world=busy', { viewport: { width: 1280, height: 500 } })
  await page.getByRole('button', { name: /^Ana Ruiz/ }).click()
  const log = page.getByRole('log')
  await page.evaluate(() => window.fixture.receive('Are you there?'))
  await log.getByText('Are you there?').waitFor()
  await page.waitForFunction(() => {
    const box = document.querySelector('[role=log]')
    return box !== null && box.scrollHeight - box.scrollTop - box.clientHeight < 4
  })
  await log.evaluate((box) => (box.scrollTop = 0))
  await page.getByRole('button', { name: 'To the newest message' }).waitFor()
  await page.evaluate(() => window.fixture.receive('Hello?'))
  await page.locator('[aria-live=polite]').getByText('Ana Ruiz: Hello?').waitFor({ state: 'attached' })
  expect(await log.evaluate((box) => box.scrollTop)).toBe(0)
  // Whoever has not seen it has not read it.
  expect(await page.title()).toBe('(2) Sotto')
  await page.getByRole('button', { name: 'To the newest message, 1 unread' }).click()
  await log.getByText('Hello?').waitFor()
  await page.waitForFunction(() => document.title === '(1) Sotto')
})

test('a conversation opens where the unread messages begin, and they are read once the last of them is in sight', async () => {
  const page = await on.page('?world=odd', { viewport: { width: 1280, height: 500 } })
  await page.getByRole('button', { name: /^Wolfe/ }).click()
  const down = page.getByRole('button', { name: 'To the newest message, 3 unread' })
  await down.waitFor()
  const log = page.getByRole('log')
  await page.waitForFunction(() => (document.querySelector('[role=log]')?.scrollTop ?? 0) > 20)
  expect(await log.getByText('Line 1 of forty').first().isVisible()).toBe(true)
  expect(await page.title()).toBe('(4) Sotto')
  await down.click()
  await page.waitForFunction(() => document.title === '(1) Sotto')
})

test('older messages come in above while one scrolls up, without moving what is being read', async () => {
  const page = await on.page('?world=long', { viewport: { width: 1280, height: 700 } })
  await page.getByRole('button', { name: /^Ana Ruiz/ }).click()
  const log = page.getByRole('log')
  await log.getByText('Message 199', { exact: true }).waitFor()
  expect(await log.getByRole('listitem').count()).toBeLessThan(60)
  await log.evaluate((box) => (box.scrollTop = 600))
  const reading = log.getByText('Message 8', { exact: true })
  await reading.waitFor()
  const before = await reading.boundingBox()
  await log.evaluate((box) => (box.scrollTop -= 250))
  await page.waitForFunction(() => (document.querySelector('[role=log]')?.scrollTop ?? 0) > 3_000)
  const after = await reading.boundingBox()
  expect(Math.round((after?.y ?? 0) - (before?.y ?? 0))).toBe(250)
  await log.evaluate((box) => (box.scrollTop = 0))
  await log.getByText('Earlier message 0', { exact: true }).waitFor()
})

test('a retired copy can be read and not written in', async () => {
  const page = await on.page('?world=busy')
  await page.evaluate(() => window.fixture.change((client) => ({ ...client, self: { ...client.self, retired: true } })))
  await page.getByText('This copy of Sotto is retired').waitFor()
  await page.getByRole('button', { name: /^Ana Ruiz/ }).click()
  await page.getByText('Nothing can be sent from this copy').waitFor()
  expect(await page.getByRole('textbox').count()).toBe(0)
})

test('a phone shows one pane, and both ways back lead to the list', async () => {
  const page = await on.page('?world=busy', PHONE)
  for (const back of [
    () => page.getByRole('button', { name: 'Back to the conversations' }).click(),
    () => page.goBack(),
  ]) {
    await page.getByRole('button', { name: /^Ana Ruiz/ }).click()
    await page.getByRole('log').waitFor()
    expect(await page.getByRole('heading', { name: 'Chats' }).count()).toBe(0)
    await back()
    await page.getByRole('heading', { name: 'Chats' }).waitFor()
  }
})

test('blocking is asked for once more, and ends the conversation', async () => {
  const page = await on.page('?world=busy')
  await page.getByRole('button', { name: /^Ana Ruiz/ }).click()
  await page.getByRole('button', { name: 'Block Ana Ruiz' }).click()
  await page.getByRole('alertdialog', { name: 'Block Ana Ruiz?' }).getByRole('button', { name: 'Cancel' }).click()
  expect(await page.getByRole('textbox', { name: 'Message Ana Ruiz' }).isVisible()).toBe(true)
  await page.getByRole('button', { name: 'Block Ana Ruiz' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Block' }).click()
  await page.getByText('This conversation has ended.').first().waitFor()
  expect(await page.getByRole('button', { name: 'Block Ana Ruiz' }).count()).toBe(0)
})
