import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from '../support/chromium.ts'
import { HELLO, makeContacts } from '../support/contacts.ts'
import { DELIVERED, READ, SENT, person } from '../support/page.ts'
import type { Person } from '../support/page.ts'
import type { Server } from '../support/server.ts'
import { stage } from '../support/stage.ts'
import type { Stage } from '../support/stage.ts'

/** One device that comes and goes, always with the same user-data directory. */
interface Device {
  browser: Browser
  person: Person
}

let on: Stage
let server: Server
let alice: Device
let bob: Device
const said = [HELLO]

beforeAll(async () => {
  on = await stage()
  server = await on.server()
  ;[alice, bob] = await Promise.all([start('alice'), start('bob')])
  await makeContacts(alice.person, bob.person, server.web)
})
afterAll(() => on.close())

const departures = [
  { way: 'closed', relay: 'stays up' },
  { way: 'killed', relay: 'is killed with -9 and restarted' },
] as const

test.each(departures)(
  'written while the other browser was $way, by somebody who then leaves, while the relay $relay',
  async ({ way, relay }) => {
    await (way === 'closed' ? bob.browser.close() : bob.browser.kill())
    const written = [1, 2, 3].map((count) => `To nobody, ${count} (${way}, ${relay})`)
    for (const text of written) await alice.person.say(text)
    await alice.person.seesStates([SENT, SENT, SENT])
    await alice.browser.close()
    if (relay !== 'stays up') {
      await server.kill()
      await server.restart()
    }

    bob = await start('bob')
    await bob.person.page.goto(server.web)
    await bob.person.page.getByRole('navigation').getByRole('button', { name: '3 unread' }).waitFor()
    alice = await start('alice')
    await alice.person.page.goto(server.web)
    await alice.person.open('Bob')
    await alice.person.seesStates([DELIVERED, DELIVERED, DELIVERED])

    said.push(...written)
    await bob.person.open('Alice')
    await bob.person.sees(said)
    await alice.person.seesStates([READ, READ, READ])
    await alice.person.sees(said)
    // All of it is in order again, and both can go on.
    await bob.person.say(`I am back (${way}, ${relay})`)
    said.push(`I am back (${way}, ${relay})`)
    await alice.person.sees(said)
    expect(await bob.person.page.getByText(/missing/).count()).toBe(0)
  },
)

async function start(name: string): Promise<Device> {
  const browser = await on.browser(name)
  return { browser, person: person(await browser.tab()) }
}
