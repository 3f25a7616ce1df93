import type { Stage } from '../peers/stage.ts'
import { startProgram } from '../peers/program.ts'
import { expectRefusal, refuses } from './refuses.ts'

const NOT_SET_UP = 'This home is not set up. Run `sotto init --name NAME` first.'
const NO_ADDRESS = 'A relay address looks like /ip4/127.0.0.1/tcp/4781/ws/p2p/12D3…; the relay prints its own.'
const OTHER_RELAY =
  'Another relay answers at this address than the one that was asked for. Check the address, or ask for a new invitation.'
const UNREACHABLE = 'No relay could be reached. Check the network and that the relay is running, then try again.'

/** What a machine, a network or a typing error can do, each refused with its own sentence. Answers how many. */
export async function refusedByTheMachine(stage: Stage): Promise<number> {
  const [relay, other] = [await stage.relay(), await stage.relay({ name: 'other' })]
  const alice = await stage.person('Alice', relay)
  const empty = stage.terminal('empty')
  await refuses(empty, { words: ['conversations'], sentence: NOT_SET_UP })
  await refuses(empty, { words: ['init', '--name', 'E', '--relay', '127.0.0.1:4781'], sentence: NO_ADDRESS })
  await refuses(alice, {
    words: ['init', '--name', 'Alice'],
    sentence: 'Sotto is already set up here. Use another home to set up a second one.',
  })
  await refuses(alice, { words: ['invite', '--frobnicate'], sentence: /unknown option '--frobnicate'/, code: 2 })
  await refuses(alice, { words: ['fly'], sentence: /unknown command 'fly'/, code: 2 })

  const run = await alice.run()
  await refuses(alice, {
    words: ['conversations'],
    sentence: `Sotto is already running with this home (process ${run.program.pid}). Stop it first, or use another --home.`,
  })
  await run.stop()

  const peer = (address: string): string => address.split('/').at(-1) ?? ''
  const wrong = await stage.person('Wrong', {
    address: other.address.replace(peer(other.address), peer(relay.address)),
  })
  await refuses(wrong, { words: ['invite'], sentence: OTHER_RELAY })

  const taken = ['relay', '--port', String(relay.port), '--data', stage.path('third'), '--json']
  expectRefusal(await startProgram('relay', taken).exit, {
    words: taken,
    sentence: new RegExp(`^Port ${relay.port} on 127\\.0\\.0\\.1 is taken, so the relay cannot start there\\.`, 'm'),
  })
  await other.kill('SIGTERM')
  await relay.kill('SIGTERM')
  await refuses(alice, { words: ['invite'], sentence: UNREACHABLE })
  return 9
}
