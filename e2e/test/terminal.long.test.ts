import { afterAll, beforeAll, expect, test } from 'vitest'
import { installInstruments, wiresOf } from '../support/instruments.ts'
import { DELIVERED, person } from '../support/page.ts'
import type { Person } from '../support/page.ts'
import type { Server } from '../support/server.ts'
import { stage } from '../support/stage.ts'
import type { Stage } from '../support/stage.ts'
import type { Terminal } from '../support/terminal.ts'

const ROUNDS = 20

let on: Stage
let server: Server
let alice: Terminal
let bob: Person
let conversation: unknown
const said = ['Hello terminal']

beforeAll(async () => {
  on = await stage()
  server = await on.server()
  alice = await on.terminal('Alice', server.relay)
  const browser = await on.browser('bob', { before: installInstruments })
  bob = person(await browser.tab())
})
afterAll(() => on.close())

test('a terminal invites, a browser answers by pasting the link, and they talk', async () => {
  const { link } = await alice.do('invite')
  await bob.page.goto(server.web)
  await bob.begin('Bob')
  await bob.page.getByRole('main').getByRole('button', { name: 'I have an invite' }).last().click()
  await bob.page.getByRole('textbox', { name: 'Invitation link' }).fill(String(link))
  await bob.page.getByRole('button', { name: 'Continue' }).click()
  await bob.page.getByRole('heading', { name: 'Alice invites you' }).waitFor()
  await bob.page.getByRole('textbox', { name: 'Your hello' }).fill('Hello terminal')
  await bob.page.getByRole('button', { name: 'Say hello' }).click()

  const request = await alice.fact({ type: 'request', name: 'Bob', message: 'Hello terminal' })
  const accepted = await alice.do('accept', { id: request['id'] })
  conversation = accepted['conversation']
  const sent = await alice.do('send', { conversation, text: 'Hello browser' })
  said.push('Hello browser')
  await bob.sees(said)
  await alice.fact({ type: 'state', message: sent['message'], state: 'read' })
})

test('they are connected directly, in the words of both and in the fields of the connection', async () => {
  const { account } = await alice.fact({ type: 'connection', kind: 'direct' })
  await bob.seesStatus('Direct connection')
  const wires = await wiresOf(bob.page)
  expect(wires).toHaveLength(1)
  expect(wires[0]).toMatchObject({
    state: 'connected',
    protocol: 'udp',
    local: expect.stringMatching(/^(host|prflx)$/),
  })
  const status = await alice.do('status')
  expect(status['rows']).toContainEqual({ account, kind: 'direct' })
})

test(`with the only relay killed, ${ROUNDS} more messages each way arrive once, in order`, async () => {
  await server.kill()
  for (let round = 1; round <= ROUNDS; round += 1) {
    await alice.do('send', { conversation, text: `From Alice, ${round}` })
    said.push(`From Alice, ${round}`)
    await bob.sees(said)
    await bob.say(`From Bob, ${round}`)
    said.push(`From Bob, ${round}`)
    await alice.fact({ type: 'message', text: `From Bob, ${round}` })
  }
  const later = alice.facts('message').filter(({ text }) => String(text).startsWith('From Bob'))
  expect(later.map(({ text }) => text)).toEqual(said.filter((text) => text.startsWith('From Bob')))
  expect(new Set(later.map(({ via }) => via))).toEqual(new Set(['direct']))
  const kept = await alice.do('messages', { conversation, limit: 100 })
  expect((kept['rows'] as { text: string }[]).map(({ text }) => text)).toEqual(said)

  await bob.sees(said)
  // The terminal has them all, and nobody there has read them.
  await bob.seesStates(Array.from({ length: ROUNDS + 1 }, () => DELIVERED))
})
