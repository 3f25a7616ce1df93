import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, person } from '../support/page.ts'
import type { Person } from '../support/page.ts'
import { openSettings } from '../support/settings.ts'
import { stage } from '../support/stage.ts'
import type { Stage } from '../support/stage.ts'
import type { Terminal } from '../support/terminal.ts'

const HELLO = 'Hello Alice!'
const BEFORE = 'Before there was a page'
const AFTER = 'Now there is a page'
const FROM_PAGE = 'Written in the page'

let on: Stage
let alice: Terminal
let bob: Terminal
let page: Person
let conversation: string

beforeAll(async () => {
  on = await stage()
  const { web, relay } = await on.server()
  alice = await on.terminal('Alice', relay)
  bob = await on.terminal('Bob', relay)
  const { link } = await alice.do('invite')
  await bob.do('join', { link, message: HELLO })
  const { id } = await alice.fact({ type: 'request', name: 'Bob' })
  const accepted = await alice.do('accept', { id })
  conversation = String(accepted['conversation'])
  await alice.do('send', { conversation, text: BEFORE })
  await bob.fact({ type: 'message', text: BEFORE })
  page = person(await (await on.browser('alice')).tab())
  await page.page.goto(web)
})
afterAll(() => on.close())

test('a page is linked to a terminal: it has its conversation, and what is written from then on, in both ways', async () => {
  await page.page.getByRole('button', { name: 'Link to a device you have' }).click()
  const code = await page.page.getByRole('textbox', { name: 'Code of this device' }).inputValue()
  await alice.do('device link', { code })
  await page.page.getByRole('dialog', { name: 'This device is linked' }).getByText('a device of Alice').waitFor()
  await page.page.getByRole('button', { name: 'Go to my conversations' }).click()
  await page.open('Bob')
  await bob.do('send', { conversation, text: AFTER })
  await page.page.getByRole('log').getByText(AFTER).waitFor()
  await page.say(FROM_PAGE)
  await bob.fact({ type: 'message', text: FROM_PAGE })
  await eventually(textsOf(alice), [HELLO, BEFORE, AFTER, FROM_PAGE])
  // What was said before the linking is not brought along.
  await eventually(async () => (await page.said()).map(({ text }) => text), [AFTER, FROM_PAGE])
})

test('the page lists both devices; the terminal revokes it, and it says so and sends nothing any more', async () => {
  await openSettings(page.page)
  const rows = page.page.getByRole('list', { name: 'Devices', exact: true }).getByRole('listitem')
  await rows.nth(1).waitFor()
  expect(await rows.count()).toBe(2)
  // The terminal is older: it is not the page's to revoke.
  await page.page.getByText('A device can be revoked only from one that is older').waitFor()
  expect(await page.page.getByRole('button', { name: /^Revoke/ }).isVisible()).toBe(false)
  const listed = (await alice.do('device list'))['rows'] as { device: string; current: boolean }[]
  const device = listed.find(({ current }) => !current)?.device
  await alice.do('device revoke', { device })
  await page.page.getByRole('alert').getByText('revoked by another of your devices').waitFor()
  await page.open('Bob')
  await page.page.getByText('This device was revoked: nothing can be sent from it any more.').waitFor()
  await page.page.reload()
  await page.page.getByRole('alert').getByText('revoked by another of your devices').waitFor()
})

function textsOf(terminal: Terminal): () => Promise<string[]> {
  return async () =>
    ((await terminal.do('messages', { conversation }))['rows'] as { text: string }[]).map(({ text }) => text)
}
