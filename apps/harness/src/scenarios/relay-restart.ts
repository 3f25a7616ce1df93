import type { SceneRelay } from '../scene/relay.ts'
import { onScene, type Scene } from '../scene/scene.ts'
import type { Scenario } from './scenario.ts'

/** Messages that are under way when the relay is killed, and that are said while it is gone. */
const BURST = 12

/** Nobody listens for WebSocket at home, so with that as the only way of connecting everything goes by mailbox. */
const BY_MAILBOX = ['--transports', 'ws']

export interface RelayRestartInit {
  readonly rounds: number
  /** They have a group, too. */
  readonly group: boolean
  /** One of them is in a Chromium. */
  readonly page: boolean
}

export function relayRestart({ rounds, group, page }: RelayRestartInit): Scenario {
  return {
    about:
      'the relay is killed and started again while three talk in pairs and in a group, one of them through it alone, one in a Chromium',
    play: (stage) =>
      onScene(stage, async (on) => {
        const relay = await on.relay({ page })
        const [alice, bob, carol] = await Promise.all([
          on.terminal('Alice', relay, ...BY_MAILBOX),
          on.terminal('Bob', relay),
          page ? on.page('Carol', relay) : on.terminal('Carol', relay),
        ])
        await on.contacts(alice, bob)
        await on.contacts(alice, carol)
        await on.contacts(bob, carol)
        if (group) await on.group('Friends', alice, [bob, carol])
        for (let round = 0; round < rounds; round += 1) await cut(on, relay)
      }),
  }
}

/** The relay is killed somewhere in a burst of messages, is away during a second one, and is back for the third. */
async function cut(on: Scene, relay: SceneRelay): Promise<void> {
  const facts = 1 + on.random.integer(BURST)
  const inTheMidst = on.history.next(({ type }) => type === 'answer' || type === 'told', 'messages are kept', facts)
  const first = on.burst(BURST)
  await inTheMidst
  await relay.kill()
  await on.burst(BURST)
  await first
  const flows = on.history.next((entry) => entry.type === 'told' && entry.line['state'] === 'sent', 'a message is sent')
  await relay.restart()
  await Promise.all([flows, on.burst(BURST)])
}
