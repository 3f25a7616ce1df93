import { afterAll, beforeAll, expect, test } from 'vitest'
import { acceptGroup, inviteMore, joinFromTerminal, makeGroup, membersInPage } from '../support/groups.ts'
import { makeContacts } from '../support/contacts.ts'
import { eventually, person } from '../support/page.ts'
import type { Person } from '../support/page.ts'
import { stage } from '../support/stage.ts'
import type { Stage } from '../support/stage.ts'
import type { Terminal } from '../support/terminal.ts'

const GROUP = 'Walks'
const BACK = 'It is me, on a new device'

let on: Stage
let web: string
let alice: Person
let lost: Person
let cleo: Terminal
let group: string
let words: string

beforeAll(async () => {
  on = await stage()
  const server = await on.server()
  web = server.web
  const [hers, his] = await Promise.all([on.browser('alice'), on.browser('ben')])
  ;[alice, lost] = [person(await hers.tab()), person(await his.tab())]
  cleo = await on.terminal('Cleo', server.relay)
  await makeContacts(alice, lost, web)
  await joinFromTerminal(cleo, 'Cleo', alice, await inviteMore(alice))
  await makeGroup(alice, GROUP, ['Bob', 'Cleo'])
  group = await acceptGroup(cleo, GROUP)
  await lost.page.getByRole('navigation').getByRole('button', { name: 'Request from Alice' }).click()
  await lost.page.getByRole('button', { name: 'Accept' }).click()
  await lost.open(GROUP)
  await alice.say('Before he lost it')
  await lost.page.getByRole('log').getByText('Before he lost it').waitFor()
  words = await wordsOf(lost)
})
afterAll(() => on.close())

test('whoever restores the account in a new browser profile is back in what they share with the first whom they meet', async () => {
  const bob = person(await (await on.browser('ben-again')).tab())
  await restore(bob)
  const told = lost.page.getByRole('alert').getByText(/^This device was revoked/)
  await meetAgain(bob)

  await alice.say('Welcome back')
  await bob.page.getByRole('log').getByText('Welcome back').waitFor()
  await bob.say('Good to be here')
  await alice.page.getByRole('log').getByText('Good to be here').waitFor()

  await bob.open(GROUP)
  await bob.say('Hello, all of you')
  await cleo.fact({ type: 'message', conversation: group, text: 'Hello, all of you' })
  await cleo.do('send', { conversation: group, text: 'There you are' })
  await bob.page.getByRole('log').getByText('There you are').waitFor()
  const members = ['Alice', 'Bob', 'Cleo']
  await eventually(async () => (await membersInPage(bob)).map(({ name }) => name).toSorted(), members)

  // The lost one is told so, and has none of it; the new one has nothing of before, and names the lost one.
  await told.waitFor()
  await lost.sees(['Before he lost it'])
  await lost.page.getByRole('navigation').getByRole('button', { name: 'Offline', exact: true }).waitFor()
  await bob.sees(['Hello, all of you', 'There you are'])
  await seesOut(bob)
})

/** The recovery words, as the page shows them once. */
async function wordsOf({ page }: Person): Promise<string> {
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  const list = page.getByRole('list', { name: 'Your recovery words, in order' }).getByRole('listitem')
  const found = await list.allTextContents()
  expect(found).toHaveLength(24)
  await page.getByRole('button', { name: 'I have written them down' }).click()
  return found.join(' ')
}

/** The first visit of somebody who has nothing but the words. */
async function restore({ page }: Person): Promise<void> {
  await page.goto(web)
  await page.getByRole('button', { name: 'Restore from the recovery words' }).click()
  await page.getByRole('textbox', { name: 'Recovery words' }).fill(words)
  await page.getByRole('textbox', { name: 'Your name' }).fill('Bob')
  await page.getByRole('button', { name: 'Restore', exact: true }).click()
  await page.getByRole('heading', { name: 'Nobody here yet' }).waitFor()
  // The words that the first visit made are not this account's.
  expect(await page.getByText('Write down your recovery words').count()).toBe(0)
}

/** Meets Alice by an ordinary invitation of hers. */
async function meetAgain(bob: Person): Promise<void> {
  await bob.page.goto(await inviteMore(alice))
  await bob.page.getByRole('textbox', { name: 'Your hello' }).fill(BACK)
  await bob.page.getByRole('button', { name: 'Say hello' }).click()
  await bob.page.getByRole('log').getByText(BACK).waitFor()
  await alice.accept('Bob')
  await bob.sees([BACK])
}

/** His settings name the lost device among those that are out. */
async function seesOut({ page }: Person): Promise<void> {
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.getByRole('menuitem', { name: 'Settings' }).click()
  const rows = (name: string) => page.getByRole('list', { name, exact: true }).getByRole('listitem')
  await rows('Devices that are out').first().waitFor()
  expect(await rows('Devices that are out').count()).toBe(1)
  expect(await rows('Devices').allInnerTexts()).toEqual([expect.stringContaining('This device')])
}
