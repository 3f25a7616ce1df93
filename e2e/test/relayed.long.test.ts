import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HELLO, makeContacts } from '../support/contacts.ts'
import { QUEUED, READ, SENT, person } from '../support/page.ts'
import type { Person } from '../support/page.ts'
import type { Server } from '../support/server.ts'
import { stage } from '../support/stage.ts'
import type { Stage } from '../support/stage.ts'

/**
 * With no network but loopback, two browsers without flags find no way to each other. Where there is another one they do,
 * as they should: there a flag keeps them apart.
 */
const isAlone = Object.values(networkInterfaces()).every((entries) => entries?.every(({ internal }) => internal))
const options = { direct: false, flags: isAlone ? [] : ['--webrtc-ip-handling-policy=disable_non_proxied_udp'] }

let on: Stage
let server: Server
let alice: Person
let bob: Person

beforeAll(async () => {
  on = await stage()
  server = await on.server()
  const [first, second] = await Promise.all([on.browser('alice', options), on.browser('bob', options)])
  alice = person(await first.tab())
  bob = person(await second.tab())
})
afterAll(() => on.close())

test('without special flags or permissions two browsers talk, by way of the relay', async () => {
  await makeContacts(alice, bob, server.web)
  await alice.say('Hello Bob')
  await alice.seesStates([SENT]) // before receipts, which take at least five seconds
  await bob.sees([HELLO, 'Hello Bob'])
  await bob.say('Hello again')
  await alice.sees([HELLO, 'Hello Bob', 'Hello again'])
  await Promise.all([alice.seesStatus(/^Via relay/), bob.seesStatus(/^Via relay/)])
  await alice.page.getByRole('button', { name: 'Connected · 1 via relay' }).waitFor()
})

test('it was the relay: without it the next message stays here, and goes on when it is back', async () => {
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
})
