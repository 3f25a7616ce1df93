import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import type { Browser } from '../support/chromium.ts'
import { person } from '../support/page.ts'
import { stage } from '../support/stage.ts'
import type { Stage } from '../support/stage.ts'

const ELSEWHERE = 'Sotto is open in another tab'
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

test('a second tab says that Sotto is open elsewhere, takes over when asked, and gives way when it is closed', async () => {
  const first = person(await browser.tab())
  await first.page.goto(web)
  await first.begin('Alice')
  const link = await first.invite()

  const second = await browser.tab()
  await second.goto(web)
  await second.getByRole('heading', { name: ELSEWHERE }).waitFor()
  await second.getByRole('button', { name: 'Use it here' }).click()
  await first.page.getByRole('heading', { name: ELSEWHERE }).waitFor()
  expect(await invitationShownBy(second)).toBe(link) // the same store
  await second.getByRole('button', { name: 'Connected', exact: true }).waitFor()

  await second.close()
  await first.page.getByRole('heading', { name: 'Chats' }).waitFor()
  await first.page.getByRole('button', { name: 'Connected', exact: true }).waitFor()
})

test('a tab that crashes leaves a store that the next one opens', async () => {
  const tab = await browser.tab()
  await tab.goto(web)
  await tab.getByRole('heading', { name: ELSEWHERE }).waitFor()
  const [leader] = browser.context.pages()
  const crashed = leader?.waitForEvent('crash')
  void leader?.goto('chrome://crash').catch(() => undefined) // never answered
  await crashed
  await tab.getByRole('heading', { name: 'Chats' }).waitFor()
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
