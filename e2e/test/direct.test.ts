import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from '../support/chromium.ts'
import { clicksOf, installInstruments, wiresOf } from '../support/instruments.ts'
import { READ, person } from '../support/page.ts'
import type { Person } from '../support/page.ts'
import type { Server } from '../support/server.ts'
import { stage } from '../support/stage.ts'
import type { Stage } from '../support/stage.ts'

const MAX_CLICKS = 7
const ROUNDS = Number(process.env['SOTTO_MESSAGES'] ?? 5)

let on: Stage
let server: Server
let alice: Person
let bob: Person
const said: string[] = []

beforeAll(async () => {
  on = await stage()
  server = await on.server()
  const open = (name: string): Promise<Browser> => on.browser(name, { before: installInstruments })
  const [first, second] = await Promise.all([open('alice'), open('bob')])
  alice = person(await first.tab())
  bob = person(await second.tab())
})
afterAll(() => on.close())

test(`two browsers become contacts and talk, with at most ${MAX_CLICKS} clicks`, async () => {
  await alice.page.goto(server.web)
  await alice.begin('Alice')
  const link = await alice.invite()
  await alice.page.getByRole('button', { name: 'Copy link' }).click()
  await bob.answer(link, 'Bob', 'Hello Alice!')
  await alice.accept('Bob')
  await alice.say('Hello Bob, I am here')
  await bob.sees(['Hello Alice!', 'Hello Bob, I am here'])
  await bob.say('So am I')
  said.push('Hello Alice!', 'Hello Bob, I am here', 'So am I')
  await Promise.all([alice.sees(said), bob.sees(said)])

  const clicks = (await clicksOf(alice.page)) + (await clicksOf(bob.page))
  expect(clicks).toBeLessThanOrEqual(MAX_CLICKS)
  expect(clicks).toBeGreaterThan(4) // fewer would mean that they were not counted
})

test('they are connected directly: the page says so, and so do the fields of the connection', async () => {
  await Promise.all([alice.seesStatus('Direct connection'), bob.seesStatus('Direct connection')])
  await alice.page.getByRole('button', { name: 'Connected · 1 direct' }).waitFor()
  for (const { page } of [alice, bob]) {
    const [wire, ...more] = await wiresOf(page)
    expect(more).toEqual([])
    expect(wire).toMatchObject({ state: 'connected', protocol: 'udp' })
    // Addresses of the two machines themselves; `relay` would be a TURN server's.
    for (const end of [wire?.local, wire?.remote]) expect(end).toMatch(/^(host|prflx)$/)
  }
})

test(`with the only relay killed, ${ROUNDS} more messages each way arrive once, in order`, async () => {
  const before = await wiresOf(alice.page)
  await server.kill()
  const later = Array.from({ length: ROUNDS }, (_, round) => [`From Alice, ${round + 1}`, `From Bob, ${round + 1}`])
  for (const [fromAlice = '', fromBob = ''] of later) {
    await alice.say(fromAlice)
    await bob.sees([...said, fromAlice])
    await bob.say(fromBob)
    said.push(fromAlice, fromBob)
    await alice.sees(said)
  }
  await bob.sees(said)
  await alice.page.getByRole('button', { name: 'Connected · 1 direct' }).click()
  await alice.page
    .getByRole('dialog', { name: 'Connection' })
    .getByText(/^Not reachable: /)
    .waitFor()

  const after = await wiresOf(alice.page)
  const grown = (key: 'sent' | 'received') => (after[0]?.[key] ?? 0) - (before[0]?.[key] ?? 0)
  // What was said went over that connection: at least an envelope for each message.
  expect(grown('sent')).toBeGreaterThan(ROUNDS * 256)
  expect(grown('received')).toBeGreaterThan(ROUNDS * 256)
  await Promise.all([alice.seesStates(Array.from({ length: ROUNDS + 1 }, () => READ)), bob.seesStates([READ])])
})
