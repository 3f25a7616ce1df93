import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HELLO, makeContacts } from '../support/contacts.ts'
import { QUEUED, READ, SENT, person } from '../support/page.ts'
import type { Person } from '../support/page.ts'
import type { Server } from '../support/server.ts'
import { stage } from '../support/stage.ts'
import type { Stage } from '../support/stage.ts'

/** Where there is another network than loopback, two browsers may find each other over it without any flag. */
const isAlone = Object.values(networkInterfaces()).every((entries) => entries?.every(({ internal }) => internal))

let on: Stage
let server: Server
let alice: Person
let bob: Person

beforeAll(async () => {
  on = await stage()
  server = await on.server()
  const [first, second] = await Promise.all([
    on.browser('alice', { direct: false }),
    on.browser('bob', { direct: false }),
  ])
  alice = person(await first.tab())
  bob = person(await second.tab())
})
afterAll(() => on.close())

test('without special flags or permissions two browsers talk, by way of the relay', async () => {
  await makeContacts(alice, bob, server.web)
  await alice.say('Hello Bob')
  await bob.sees([HELLO, 'Hello Bob'])
  await bob.say('Hello again')
  await alice.sees([HELLO, 'Hello Bob', 'Hello again'])
  await alice.seesStates([SENT])
  const path = isAlone ? /^Via relay/ : /^(Via relay|Direct connection)/
  await Promise.all([alice.seesStatus(path), bob.seesStatus(path)])
  if (isAlone) await alice.page.getByRole('button', { name: 'Connected · 1 via relay' }).waitFor()
})

test.runIf(isAlone)(
  'it was the relay: without it the next message stays here, and goes on when it is back',
  async () => {
    await server.kill()
    await alice.seesStatus(/^Offline/)
    await alice.say('Is anybody there?')
    expect((await alice.said()).at(-1)?.state).toBe(QUEUED)
    await alice.seesStatus('Offline · messages are kept here and go out later')
    expect((await bob.said()).map(({ text }) => text)).toEqual([HELLO, 'Hello Bob', 'Hello again'])
    await server.restart()
    await bob.sees([HELLO, 'Hello Bob', 'Hello again', 'Is anybody there?'])
    // By way of a relay receipts wait for up to a minute, so that their time tells nobody when something was read.
    await Promise.all([alice.seesStates([READ, READ]), bob.seesStates([READ, READ])])
  },
)
