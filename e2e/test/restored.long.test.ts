import { cp, rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HELLO, makeContacts } from '../support/contacts.ts'
import { QUEUED, UNSENT, person } from '../support/page.ts'
import type { Person } from '../support/page.ts'
import type { Server } from '../support/server.ts'
import { stage } from '../support/stage.ts'
import type { Stage } from '../support/stage.ts'

let on: Stage
let relay: Server
let web: string
let bob: Person

beforeAll(async () => {
  on = await stage()
  relay = await on.relay()
  web = await on.page([relay.relay])
  const bobs = await on.browser('bob')
  bob = person(await bobs.tab())
})
afterAll(() => on.close())

test('a profile that was restored from an old copy is retired, and sends nothing', async () => {
  const first = await on.browser('alice')
  await makeContacts(person(await first.tab()), bob, web)
  await first.close()
  await cp(on.folder('alice'), on.folder('backup'), { recursive: true })

  const second = await on.browser('alice')
  const alice = person(await second.tab())
  await alice.page.goto(web)
  await alice.open('Bob')
  await alice.say('Written after the copy was made')
  await bob.sees([HELLO, 'Written after the copy was made'])
  await second.close()

  // With no relay in reach the old copy cannot know that it is old. What is written in it must wait.
  await relay.kill()
  await rm(on.folder('alice'), { recursive: true })
  await cp(on.folder('backup'), on.folder('alice'), { recursive: true })
  const restored = await on.browser('alice')
  const ghost = person(await restored.tab())
  await ghost.page.goto(web)
  await ghost.open('Bob')
  await ghost.sees([HELLO])
  await ghost.say('This must never leave')
  expect((await ghost.said()).at(-1)?.state).toBe(QUEUED)

  await relay.restart()
  await ghost.page
    .getByRole('alert')
    .getByText(/^This copy of Sotto is retired/)
    .waitFor()
  await ghost.page.getByText('Nothing can be sent from this copy of Sotto any more.').waitFor()
  expect(await ghost.page.getByRole('textbox', { name: /^Message / }).count()).toBe(0)
  // It can still be read in. What the other one writes now is stored at the relay, where it waits for a device that may answer.
  await ghost.sees([HELLO, 'This must never leave'])
  await bob.say('Is it still you?')
  // Also not after another start.
  await ghost.page.reload()
  await ghost.page
    .getByRole('alert')
    .getByText(/^This copy of Sotto is retired/)
    .waitFor()
  await ghost.open('Bob')
  await ghost.page.getByText('Nothing can be sent from this copy of Sotto any more.').waitFor()
  expect(await stateOfGhost(ghost)).toBe(UNSENT)
  await bob.sees([HELLO, 'Written after the copy was made', 'Is it still you?'])
})

async function stateOfGhost(ghost: Person): Promise<string | undefined> {
  return (await ghost.said()).find(({ text }) => text === 'This must never leave')?.state
}
