import { afterAll, beforeAll, expect, test } from 'vitest'
import { personAtRun } from '../support/person-at-run.ts'
import type { PersonAtRun } from '../support/person-at-run.ts'
import { startProgram } from '../support/program.ts'
import { stage } from '../support/stage.ts'
import type { Stage } from '../support/stage.ts'
import type { Terminal } from '../support/terminal.ts'

let on: Stage
let alice: PersonAtRun
let bob: Terminal

beforeAll(async () => {
  on = await stage()
  const { relay } = await on.relay()
  bob = await on.terminal('Bob', relay)
  const home = ['--home', on.folder('alice')]
  const made = startProgram('apps/cli/dist/main.js', ['init', ...home, '--name', 'Alice', '--relay', relay, '--json'])
  expect(await made.ended).toBe(0)
  alice = personAtRun(on.folder('alice'))
})
afterAll(async () => {
  await alice.end()
  await on.close()
})

test('what `run` says that one can type works there, and what is done in a group is said, to who is put out, too', async () => {
  alice.type('invite')
  const link = await alice.reads(/^(\S+)\nGood until/m)
  await bob.do('join', { link, message: 'Hello Alice' })
  alice.type(await alice.reads(/Bob says hello: Hello Alice\n.*type here: (.+)/))
  const conversation = await alice.reads(/^Conversation (\w+)$/m)
  await bob.fact({ type: 'notice', name: 'accepted' })
  alice.type(`send ${conversation} Hello,  Bob`)
  const { author: account } = await bob.fact({ type: 'message', text: 'Hello,  Bob' })

  const group = await bob.do('group create', { title: 'Walks', member: [account] })
  const short = String(group['conversation']).slice(0, 8)
  alice.type(await alice.reads(/Bob invites you into the group Walks\.\n.*type here: (.+)/))
  await alice.reads(new RegExp(`^${short} Bob added Alice$`, 'm'))
  await bob.do('group rename', { conversation: group['conversation'], title: 'Runs' })
  await bob.do('group remove', { conversation: group['conversation'], account })
  await alice.reads(new RegExp(`^${short} Bob named the group “Runs”\\n(?:.*\\n)*${short} Bob removed Alice$`, 'm'))

  alice.type('accept nothing')
  await alice.reads(/^There is no such request here/m)
})
