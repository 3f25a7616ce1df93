import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from '../support/chromium.ts'
import { HELLO, makeContacts } from '../support/contacts.ts'
import { QUEUED, READ, person } from '../support/page.ts'
import type { Person } from '../support/page.ts'
import type { Server } from '../support/server.ts'
import { stage } from '../support/stage.ts'
import type { Stage } from '../support/stage.ts'

let on: Stage
let relay: Server
let web: string
let alices: Browser
let alice: Person
let bob: Person
const ofAlice = ['Nobody can hear this yet', 'Nor this', 'And this one follows a crash']
const ofBob = ['I am alone here as well']

beforeAll(async () => {
  on = await stage()
  relay = await on.relay()
  web = await on.page([relay.relay])
  alices = await on.browser('alice')
  const bobs = await on.browser('bob')
  alice = person(await alices.tab())
  bob = person(await bobs.tab())
  await makeContacts(alice, bob, web)
})
afterAll(() => on.close())

test('what is written with no relay in reach is kept, also when the page is loaded again and the browser is killed', async () => {
  await relay.kill()
  // A page that was just loaded has no direct path either, and nothing that could help it to one.
  await Promise.all([alice.page.reload(), bob.page.reload()])
  await bob.open('Alice')
  await alice.open('Bob')
  await alice.seesStatus('Offline')
  await alice.say(ofAlice[0] ?? '')
  await alice.say(ofAlice[1] ?? '')
  await bob.say(ofBob[0] ?? '')
  await alice.seesStatus('Offline · messages are kept here and go out later')
  expect(await statesOf(alice)).toEqual([QUEUED, QUEUED])

  await alice.page.reload()
  await alice.open('Bob')
  await alice.sees([HELLO, ...ofAlice.slice(0, 2)])
  expect(await statesOf(alice)).toEqual([QUEUED, QUEUED])

  await alice.say(ofAlice[2] ?? '')
  await alices.kill()
  alices = await on.browser('alice')
  alice = person(await alices.tab())
  await alice.page.goto(web)
  await alice.open('Bob')
  await alice.sees([HELLO, ...ofAlice])
  expect(await statesOf(alice)).toEqual([QUEUED, QUEUED, QUEUED])
})

test('the page says what waits, for whom, and that no relay answers', async () => {
  await alice.page.getByRole('button', { name: 'Offline · messages are sent later' }).click()
  const details = alice.page.getByRole('dialog', { name: 'Connection' })
  await details.getByText(/^Not reachable: /).waitFor()
  await details.getByText('3 messages for Bob').waitFor()
  await alice.page.keyboard.press('Escape')
})

test('when the relay is back everything arrives once, in the order of each writer, and both hear of it', async () => {
  expect((await bob.said()).map(({ text }) => text)).toEqual([HELLO, ...ofBob])
  await relay.restart()
  await Promise.all([alice.seesStates([READ, READ, READ]), bob.seesStates([READ])])
  for (const { said } of [alice, bob]) {
    const texts = (await said()).map(({ text }) => text)
    expect(texts.filter((text) => ofAlice.includes(text))).toEqual(ofAlice)
    expect(texts.toSorted()).toEqual([HELLO, ...ofAlice, ...ofBob].toSorted())
  }
  // Neither knew of the other's words when writing: both still show them in one order.
  expect((await alice.said()).map(({ text }) => text)).toEqual((await bob.said()).map(({ text }) => text))
})

async function statesOf(who: Person): Promise<(string | undefined)[]> {
  return (await who.said()).filter(({ author }) => author === 'You').map(({ state }) => state)
}
