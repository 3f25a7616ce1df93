import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Browser } from '../support/chromium.ts'
import {
  acceptGroup,
  inviteMore,
  joinFromTerminal,
  makeGroup,
  membersAt,
  membersInPage,
  textsAt,
} from '../support/groups.ts'
import type { Member } from '../support/groups.ts'
import { eventually, person } from '../support/page.ts'
import type { Person } from '../support/page.ts'
import type { Line } from '../support/program.ts'
import type { Server } from '../support/server.ts'
import { stage } from '../support/stage.ts'
import type { Stage } from '../support/stage.ts'
import type { Terminal } from '../support/terminal.ts'

const TITLE = 'Hikers'
const COUNT = 50
const PATIENCE = { timeout: 60_000, interval: 100 }
const OWNER: Member = { name: 'Alice', role: 'owner' }

let on: Stage
let relays: readonly Server[]
let web: string
let browser: Browser
let alice: Person
let ben: Terminal
let cleo: Terminal
let conversation: string
const said: string[] = []

beforeAll(async () => {
  on = await stage()
  const [first, second] = await Promise.all([on.relay('first'), on.relay('second')])
  relays = [first, second]
  web = await on.page(relays.map(({ relay }) => relay))
  const terminals = [on.terminal('Ben', first.relay), on.terminal('Cleo', second.relay)] as const
  browser = await on.browser('alice')
  ;[ben, cleo] = await Promise.all(terminals)
  alice = await openTab()
  await alice.begin('Alice')
  await joinFromTerminal(ben, 'Ben', alice, await alice.invite())
  await joinFromTerminal(cleo, 'Cleo', alice, await inviteMore(alice))
})
afterAll(() => on.close())

test('a group is made in the page; two terminals say yes, and all are told the same of who is in and as what', async () => {
  await makeGroup(alice, TITLE, ['Ben', 'Cleo'])
  const accepted = await Promise.all([ben, cleo].map((terminal) => acceptGroup(terminal, TITLE)))
  conversation = accepted[0] ?? ''
  expect(accepted[1]).toBe(conversation)
  await sameMembers([OWNER, { name: 'Ben', role: 'member' }, { name: 'Cleo', role: 'member' }], [ben, cleo])
  for (const name of ['Ben', 'Cleo']) await seesLine(`You added ${name}`)
})

test('a message of each reaches all', async () => {
  await alice.say('From Alice')
  await ben.do('send', { conversation, text: 'From Ben' })
  await cleo.do('send', { conversation, text: 'From Cleo' })
  said.push('From Alice', 'From Ben', 'From Cleo')
  await everybodyHasAll()
})

test('two tabs of one profile show the same group, whichever of them writes', async () => {
  const second = await openTab()
  await second.open(TITLE)
  await showSame(alice, second)
  await second.say('From the second tab')
  await alice.say('From the first tab')
  said.push('From the second tab', 'From the first tab')
  await everybodyHasAll()
  await showSame(alice, second)
  await eventually(() => membersInPage(second), await membersInPage(alice))
  await second.page.close()
})

test(`with every relay killed, ${COUNT} of ${COUNT} messages arrive at everybody, once, and in one order`, async () => {
  await alice.seesStatus('Direct connection')
  await Promise.all(relays.map((relay) => relay.kill()))
  await Promise.all([ben, cleo].map((terminal) => eventually(() => relaysInReach(terminal), 0)))
  const before = [ben, cleo].map((terminal) => terminal.facts('message').length)
  const texts = Array.from({ length: COUNT }, (_, index) => `Message ${index}`)
  await Promise.all([sayThird(texts, 0), sendThird(ben, texts, 1), sendThird(cleo, texts, 2)])
  said.push(...texts)
  await everybodyHasAll()
  await everybodyHasOneOrder(texts)
  // Nobody was told of anything twice, and nothing came by a relay that is there after all.
  for (const [at, terminal] of [ben, cleo].entries()) {
    const told = terminal.facts('message').slice(before[at])
    expect(told.map(({ text }) => String(text)).toSorted()).toEqual(
      texts.filter((text) => !isOf(at + 1, texts, text)).toSorted(),
    )
    expect(new Set(told.map(({ via }) => via))).not.toContain('mailbox')
  }
  // Ben and Cleo are not each other's contacts: what they wrote came by way of Alice.
  expect(directPaths(ben)).toEqual([await accountOf('Alice')])
  const ofBen = cleo.facts('message').filter(({ text }) => isOf(1, texts, text))
  expect(new Set(ofBen.map(({ via }) => via))).toContain('gossip')
  expect(await Promise.all([ben, cleo].map(relaysInReach))).toEqual([0, 0])
})

test('an admin removes somebody, still without a relay: the page says who removed whom', async () => {
  const { page } = alice
  await page.getByRole('button', { name: 'Group details' }).click()
  await page.getByRole('button', { name: 'Make Ben an admin' }).click()
  await page.getByRole('button', { name: 'Make Ben a member again' }).waitFor()
  await page.keyboard.press('Escape')
  await seesLine('You made Ben an admin')
  await sameMembers([OWNER, { name: 'Ben', role: 'admin' }, { name: 'Cleo', role: 'member' }], [ben, cleo])

  await ben.do('group remove', { conversation, account: await accountOf('Cleo') })
  await seesLine('Ben removed Cleo').catch((cause: unknown) => {
    // Nobody could introduce the two again.
    const last = JSON.stringify(ben.facts('connection').at(-1))
    throw new Error(`not told of it; Ben's connection was last: ${last}`, { cause })
  })
  await sameMembers([OWNER, { name: 'Ben', role: 'admin' }], [ben])
  await alice.say('Without Cleo')
  await ben.fact({ type: 'message', text: 'Without Cleo' })
})

test('whoever was removed is told by those who are connected, and has got nothing that was written since', async () => {
  // A member may not do that either, and is told so in other words.
  const rename = () => cleo.do('group rename', { conversation, title: 'Mine' })
  await eventually(() => rename().catch((error: Error) => error.message), 'You are no longer in this group.')
  await expect(cleo.do('send', { conversation, text: 'Let me in' })).rejects.toThrow('This conversation has ended.')
  expect(textsAt(cleo, conversation)).not.toContain('Without Cleo')
})

test('and their own conversation goes on over the path that is there', async () => {
  await cleo.do('send', { conversation: await pairOf(cleo, 'Alice'), text: 'Why was I removed?' })
  // The group's row names Cleo too.
  await alice.page.getByRole('navigation').getByRole('button', { name: /^Cleo/ }).click()
  await alice.page.getByRole('log', { name: 'Messages with Cleo' }).waitFor()
  await eventually(async () => (await alice.said()).at(-1)?.text, 'Why was I removed?')
  expect(await relaysInReach(cleo)).toBe(0)
})

async function openTab(): Promise<Person> {
  const tab = person(await browser.tab())
  await tab.page.setViewportSize({ width: 1280, height: 8_000 }) // all messages are in the document
  await tab.page.goto(web)
  return tab
}

async function seesLine(line: string): Promise<void> {
  await alice.page.getByRole('log').getByText(line, { exact: true }).waitFor()
}

/** Both tabs show the same messages in the same states, which may change while one looks. */
async function showSame(first: Person, second: Person): Promise<void> {
  await vi.waitFor(async () => expect(await second.said()).toEqual(await first.said()), PATIENCE)
}

/** All are shown these, in an order that is the same for all: who came in first is not for a test to say. */
async function sameMembers(members: readonly Member[], terminals: readonly Terminal[]): Promise<void> {
  const named = (shown: readonly Member[]) => shown.toSorted((a, b) => a.name.localeCompare(b.name))
  await eventually(async () => named(await membersInPage(alice)), named(members))
  const shown = await membersInPage(alice)
  await Promise.all(terminals.map((terminal) => eventually(() => membersAt(terminal, conversation), shown)))
}

/** Everything that was said, once at each: nobody's own order is asked for, since all write at once. */
async function everybodyHasAll(): Promise<void> {
  const wanted = said.toSorted()
  await eventually(async () => (await alice.said()).map(({ text }) => text).toSorted(), wanted)
  for (const terminal of [ben, cleo]) {
    await eventually(async () => (await textsListed(terminal)).toSorted(), wanted)
  }
}

/** All show it in the same order, and what each said in the order of saying. */
async function everybodyHasOneOrder(texts: readonly string[]): Promise<void> {
  const order = (await alice.said()).map(({ text }) => text)
  for (const terminal of [ben, cleo]) await eventually(() => textsListed(terminal), order)
  for (const third of [0, 1, 2])
    expect(order.filter((text) => isOf(third, texts, text))).toEqual(texts.filter((text) => isOf(third, texts, text)))
}

async function textsListed(terminal: Terminal): Promise<string[]> {
  const { rows } = await terminal.do('messages', { conversation, limit: 200 })
  return (rows as { text: string }[]).map(({ text }) => text)
}

async function relaysInReach(terminal: Terminal): Promise<number> {
  const { rows } = await terminal.do('status')
  const reachable = (rows as Line[]).filter((row) => 'relay' in row).map((row) => row['reachable'])
  expect(reachable).not.toEqual([])
  return reachable.filter((is) => is === true).length
}

/** Accounts to which it has said to have a direct path. */
function directPaths(terminal: Terminal): unknown[] {
  const direct = terminal.facts('connection').filter(({ kind }) => kind === 'direct')
  return [...new Set(direct.map(({ account }) => account))]
}

function isOf(third: number, texts: readonly string[], text: unknown): boolean {
  return texts.some((one, index) => one === text && index % 3 === third)
}

async function sayThird(texts: readonly string[], third: number): Promise<void> {
  for (const text of texts) if (isOf(third, texts, text)) await alice.say(text)
}

async function sendThird(terminal: Terminal, texts: readonly string[], third: number): Promise<void> {
  for (const text of texts) if (isOf(third, texts, text)) await terminal.do('send', { conversation, text })
}

async function pairOf(terminal: Terminal, name: string): Promise<unknown> {
  const { rows } = await terminal.do('conversations')
  return (rows as { conversation: string; title: string }[]).find(({ title }) => title === name)?.conversation
}

async function accountOf(name: string): Promise<string> {
  const { rows } = await ben.do('conversations')
  const members = (rows as { members: { account: string; name: string }[] }[]).flatMap((row) => row.members)
  return members.find((one) => one.name === name)?.account ?? ''
}
