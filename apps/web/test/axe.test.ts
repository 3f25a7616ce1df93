import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lookAt, type Rules } from './axe.ts'
import { stage } from './browser.ts'
import type { Stage } from './browser.ts'

interface Screen {
  readonly query: string
  /** Gets from the loaded page to the screen. */
  go?(page: Page): Promise<unknown>
  /** What stands there once it is. */
  there(page: Page): Promise<unknown>
}

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name }).filter({ visible: true }).first()
const heading = (name: string) => (page: Page) =>
  page.getByRole('heading', { name }).filter({ visible: true }).first().waitFor()

const SCREENS: Readonly<Record<string, Screen>> = {
  welcome: { query: '?world=new', there: heading('Welcome to Sotto') },
  'words read in': {
    query: '?world=new',
    go: (page) => button(page, 'Restore from the recovery words').click(),
    there: heading('Restore your account'),
  },
  'first join': { query: '?world=new#i=abc', there: heading('Ana Ruiz invites you') },
  'code of this device': {
    query: '?world=new',
    go: (page) => button(page, 'Link to a device you have').click(),
    there: (page) => page.getByRole('img', { name: /^QR code/ }).waitFor(),
  },
  'expired code of this device': {
    query: '?world=new',
    async go(page) {
      await button(page, 'Link to a device you have').click()
      await page.getByRole('img', { name: /^QR code/ }).waitFor()
      await page.evaluate(() => window.linking.expire())
    },
    there: (page) => page.getByText('This code has expired').waitFor(),
  },
  'linked device': {
    query: '?world=new',
    async go(page) {
      await button(page, 'Link to a device you have').click()
      await page.getByRole('img', { name: /^QR code/ }).waitFor()
      await page.evaluate(() => window.linking.answer())
    },
    there: (page) => page.getByRole('dialog').waitFor(),
  },
  empty: { query: '?world=empty&fresh', there: heading('Nobody here yet') },
  invite: {
    query: '?world=empty',
    go: (page) => button(page, 'Invite someone').click(),
    there: (page) => page.getByRole('img', { name: /^QR code/ }).waitFor(),
  },
  'other invitations, one taken back': {
    query: '?world=empty',
    async go(page) {
      await button(page, 'Invite someone').click()
      for (let made = 1; made <= 2; made += 1) {
        await button(page, 'Make a new one').click()
        await page
          .getByText('Link ending in')
          .nth(made - 1)
          .waitFor()
      }
      await button(page, /^Take back the invitation/).click()
    },
    there: (page) => page.getByText('You took back the invitation').waitFor(),
  },
  'an invitation used up': {
    query: '?world=empty',
    async go(page) {
      await button(page, 'Invite someone').click()
      await button(page, 'Copy link').waitFor()
      await page.evaluate(() => window.fixture.request('Kofi', 'Hello'))
    },
    there: (page) => page.getByText('This invitation is used up').waitFor(),
  },
  paste: {
    query: '?world=empty',
    go: (page) => button(page, 'I have an invite').click(),
    there: (page) => page.getByRole('textbox', { name: 'Invitation link' }).waitFor(),
  },
  list: { query: '?world=busy', there: heading('Requests') },
  request: {
    query: '?world=busy',
    go: (page) => button(page, /Dora Klein/).click(),
    there: (page) => button(page, 'Accept').waitFor(),
  },
  block: {
    query: '?world=busy',
    async go(page) {
      await button(page, /Dora Klein/).click()
      await button(page, 'Block').click()
    },
    there: (page) => page.getByRole('alertdialog').waitFor(),
  },
  conversation: {
    query: '?world=busy',
    go: (page) => button(page, /^Ana Ruiz/).click(),
    there: (page) => page.getByRole('log').getByText('On my way').waitFor(),
  },
  'waiting conversation': {
    query: '?world=new#i=abc',
    async go(page) {
      await page.getByRole('textbox', { name: 'Your name' }).fill('Mira')
      await button(page, 'Say hello').click()
    },
    there: (page) => page.getByText('has not accepted yet').waitFor(),
  },
  safety: {
    query: '?world=busy',
    async go(page) {
      await button(page, /^Ben Okafor/).click()
      await button(page, 'Safety number').click()
    },
    there: (page) => button(page, 'Mark as verified').waitFor(),
  },
  connection: {
    query: '?world=busy',
    go: (page) => button(page, /^Connected/).click(),
    there: (page) => page.getByRole('dialog').waitFor(),
  },
  menu: {
    query: '?world=busy',
    go: (page) => button(page, 'Menu').click(),
    there: (page) => page.getByRole('menu').waitFor(),
  },
  'new group': {
    query: '?world=busy',
    async go(page) {
      await button(page, 'New conversation').click()
      await page.getByRole('menuitem', { name: 'New group' }).click()
      await button(page, 'Create the group').click()
    },
    there: (page) => page.getByText('Give the group a name first.').waitFor(),
  },
  group: {
    query: '?world=group',
    go: (page) => button(page, /^Weekend hikers/).click(),
    there: (page) => page.getByRole('log').getByText('And cake').waitFor(),
  },
  'group details': {
    query: '?world=group',
    async go(page) {
      await button(page, /^Weekend hikers/).click()
      await button(page, 'Group details').click()
    },
    there: (page) => page.getByRole('dialog').waitFor(),
  },
  'leaving a group': {
    query: '?world=group',
    async go(page) {
      await button(page, /^Weekend hikers/).click()
      await button(page, 'Group details').click()
      await button(page, 'Leave the group').click()
    },
    there: (page) => page.getByRole('alertdialog').waitFor(),
  },
  'invitation into a group': {
    query: '?world=busy',
    async go(page) {
      await page.evaluate(() => window.fixture.inviteIntoGroup('Ana Ruiz', 'Book club'))
      await button(page, 'View').click()
      await button(page, 'Accept').click()
    },
    there: (page) => page.getByText('You have accepted.').waitFor(),
  },
  'invitation that was taken back': {
    query: '?world=busy',
    async go(page) {
      await page.evaluate(() => window.fixture.inviteIntoGroup('Ana Ruiz', 'Book club'))
      await button(page, 'View').click()
      await button(page, 'Accept').click()
      await page.evaluate(() => window.fixture.takeBack())
    },
    there: (page) => button(page, 'Remove from the list').waitFor(),
  },
  'somebody invited into a group': {
    query: '?world=group',
    async go(page) {
      await button(page, /^Weekend hikers/).click()
      await button(page, 'Group details').click()
      await page.getByRole('checkbox').first().check()
      await button(page, 'Invite into the group').click()
    },
    there: (page) => page.getByRole('button', { name: /^Take back the invitation/ }).waitFor(),
  },
  settings: {
    query: '?world=busy',
    go: openSettings,
    there: heading('Passphrase'),
  },
  'settings with mistakes': {
    query: '?world=busy',
    async go(page) {
      await openSettings(page)
      await page.getByRole('switch', { name: 'Relays only' }).click()
      await button(page, 'Link').click()
      await button(page, 'Add relay').click()
      await button(page, 'Set a passphrase').click()
      await button(page, 'Lock').click()
    },
    there: (page) => page.getByText('That is too short.').waitFor(),
  },
  'revoking a device': {
    query: '?world=busy',
    async go(page) {
      await openSettings(page)
      await button(page, /^Revoke: Device/).click()
    },
    there: (page) => page.getByRole('alertdialog').waitFor(),
  },
  locked: { query: '?locked', there: heading('Your messages are locked') },
  'locked, with the wrong passphrase': {
    query: '?locked',
    async go(page) {
      await page.getByLabel('Passphrase').fill('correct hearse')
      await button(page, 'Open').click()
    },
    there: (page) => page.getByText('This is not the passphrase.').waitFor(),
  },
  'recovery words': {
    query: '?world=empty&fresh',
    go: (page) => button(page, 'Show').click(),
    there: (page) => page.getByRole('dialog').waitFor(),
  },
  notices: {
    query: '?world=busy',
    go: (page) => page.evaluate(() => window.fixture.request('Kofi', 'Hello')),
    there: (page) => button(page, 'View').waitFor(),
  },
  retired: {
    query: '?world=busy',
    go: (page) =>
      page.evaluate(() => window.fixture.change((client) => ({ ...client, self: { ...client.self, retired: true } }))),
    there: (page) => page.getByText('This copy of Sotto is retired').waitFor(),
  },
  'not supported': { query: '?missing=opfs', there: heading('Sotto cannot run in this browser as it is') },
  'could not start': { query: '?broken', there: heading('Sotto could not start') },
}

const SIZES = [
  { width: 360, height: 640 },
  { width: 768, height: 900 },
  { width: 1280, height: 800 },
] as const

/** One screen in so many is looked at; all of them with `SOTTO_AXE=all`, as `npm run test:long` does. */
const EVERY = process.env['SOTTO_AXE'] === 'all' ? 1 : 5

let on: Stage
beforeAll(async () => {
  on = await stage()
})
afterAll(() => on.close())

const looked = Object.entries(SCREENS).filter((_, place) => place % EVERY === 0)

test.each(looked)('axe finds nothing at any width, light or dark: %s', async (_name, screen) => {
  // Reduced motion: nothing is measured in the middle of fading in.
  const page = await on.page(screen.query, { viewport: SIZES[0], reducedMotion: 'reduce' })
  await screen.go?.(page)
  await screen.there(page)
  const found: string[] = []
  for (const size of SIZES) {
    await page.setViewportSize(size)
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    if (overflow > 0) found.push(`${size.width}: wider than the screen by ${overflow}`)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      // Dark is the same document in other colours.
      const rules = colorScheme === 'light' ? 'all' : 'colours'
      for (const violation of await violations(page, rules)) found.push(`${size.width} ${colorScheme} ${violation}`)
    }
  }
  expect(found).toEqual([])
})

test.each(['light', 'dark'] as const)('axe would have said something: %s', async (colorScheme) => {
  const page = await on.page('?world=busy', { colorScheme, reducedMotion: 'reduce' })
  await page.getByRole('main').evaluate((main) => {
    const pale = document.createElement('p')
    pale.textContent = 'Too pale to be read'
    pale.style.color = '#888'
    pale.style.background = '#999'
    main.append(document.createElement('button'), pale)
  })
  const [found, pale] = [await violations(page), await violations(page, 'colours')]
  expect(found.some((violation) => violation.startsWith('button-name'))).toBe(true)
  expect(found.some((violation) => violation.startsWith('color-contrast'))).toBe(true)
  expect(pale.map((violation) => violation.split(':')[0])).toEqual(['color-contrast'])
})

async function openSettings(page: Page): Promise<void> {
  await button(page, 'Menu').click()
  await page.getByRole('menuitem', { name: 'Settings' }).click()
}

async function violations(page: Page, rules: Rules = 'all'): Promise<readonly string[]> {
  await drawn(page)
  const { violations: found, passes } = await lookAt(page, rules)
  expect(passes, 'axe has seen a page').toBeGreaterThan(rules === 'all' ? 5 : 0)
  return found
}

/** Two frames later, what was changed before is on the screen; then nothing is on its way from one colour to another any more. */
function drawn(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done))
    await frame()
    await frame()
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished))
    await frame()
  })
}
