import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import type { Browser } from '../support/chromium.ts'
import { person } from '../support/page.ts'
import { stage } from '../support/stage.ts'
import type { Stage } from '../support/stage.ts'

const CANNOT_RUN = 'Sotto cannot run in this browser as it is'
/** A name that leads to this machine, and that no browser trusts over plain http. */
const UNTRUSTED = 'sotto.test'

let on: Stage
let web: string
let browser: Browser

beforeAll(async () => {
  on = await stage()
  const relay = await on.relay()
  web = await on.page([relay.relay])
  browser = await on.browser('alice', { flags: [`--host-resolver-rules=MAP ${UNTRUSTED} 127.0.0.1`] })
})
afterAll(() => on.close())

test('a second tab shows what the first one shows, and leads when that one is closed', async () => {
  const first = person(await browser.tab())
  await first.page.goto(web)
  await first.begin('Alice')
  const link = await first.invite()

  const second = await browser.tab()
  await second.goto(web)
  expect(await invitationShownBy(second)).toBe(link) // the same store
  await second.getByRole('button', { name: 'Connected', exact: true }).waitFor()

  await first.page.close()
  await second.getByRole('button', { name: 'Take it back' }).click()
  await second.getByText('You took this invitation back.').waitFor()
  await second.getByRole('button', { name: 'Connected', exact: true }).waitFor()
})

test('a tab that crashes leaves a store that the next one opens', async () => {
  const tab = await browser.tab()
  await tab.goto(web)
  await tab.getByRole('heading', { name: 'Chats' }).waitFor()
  const [leader] = browser.context.pages()
  const crashed = leader?.waitForEvent('crash')
  void leader?.goto('chrome://crash').catch(() => undefined) // never answered
  await crashed
  await tab.getByRole('main').getByRole('button', { name: 'Invite someone' }).last().click()
  await tab.getByRole('button', { name: 'Copy link' }).waitFor()
})

const parts = [
  { part: 'OPFS', remove: () => void Reflect.deleteProperty(StorageManager.prototype, 'getDirectory'), names: /OPFS/ },
  { part: 'Web Locks', remove: () => void Reflect.deleteProperty(Navigator.prototype, 'locks'), names: /Web Locks/ },
  { part: 'WebRTC', remove: () => void Reflect.deleteProperty(window, 'RTCPeerConnection'), names: /WebRTC/ },
]

test.each(parts)('a browser without $part gets one plain page that names it', async ({ remove, names }) => {
  const tab = await browser.tab()
  await tab.addInitScript(remove)
  await tab.goto(web)
  await tab.getByRole('heading', { name: CANNOT_RUN }).waitFor()
  expect(await tab.getByRole('listitem').allTextContents()).toEqual([expect.stringMatching(names)])
  await tab.close()
})

test('an address over plain http gets the same page, and the address is named as the one cause', async () => {
  const tab = await browser.tab()
  await tab.goto(web.replace('127.0.0.1', UNTRUSTED))
  await tab.getByRole('heading', { name: CANNOT_RUN }).waitFor()
  expect(await tab.getByRole('listitem').allTextContents()).toEqual([expect.stringMatching(/^A secure address\./)])
})

async function invitationShownBy(page: Page): Promise<string> {
  return person(page).invite()
}
