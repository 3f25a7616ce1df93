import type { Actor } from '../scene/actor.ts'
import { killInBurst } from '../scene/faults.ts'
import type { Peer } from '../scene/peer.ts'
import { onScene, type Scene } from '../scene/scene.ts'
import type { Scenario } from './scenario.ts'

/** Messages that are under way when something is read, linked, killed or revoked. */
const BURST = 8

/** `rounds`: how often something is read on one device, and one is killed and started again. */
export function devices(rounds: number): Scenario {
  return {
    about:
      'two with two devices each, linked by code, one of them a Chromium, talk in a pair and in groups; some are killed, one is revoked, meanwhile',
    play: (stage) =>
      onScene(stage, async (on) => {
        const relay = await on.relay({ page: true })
        const [alice, bob] = await Promise.all(['Alice', 'Bob'].map((name) => on.terminal(name, relay)))
        if (alice === undefined || bob === undefined) throw new Error('Nobody is here.')
        const pair = await on.contacts(alice, bob)
        const friends = await on.group('Friends', alice, [bob])
        const phone = await on.device('Alice’s phone', alice, relay)
        // A Chromium is linked while messages flow.
        const [tablet] = await Promise.all([on.pageDevice('Bob’s tablet', bob, relay), on.burst(BURST)])
        // What is founded on one device comes to the other.
        const walks = await on.group('Walks', phone, [bob])
        await on.comesIn(alice, walks.conversation)
        await on.comesIn(tablet, walks.conversation)
        // What came before the new devices did, nobody reads on these.
        for (const one of [alice, bob]) await read(one, [pair, friends.conversation])
        for (let round = 0; round < rounds; round += 1) {
          const reader = on.random.pick([alice, phone, bob, tablet])
          await Promise.all([on.burst(BURST), read(reader, [pair, friends.conversation, walks.conversation])])
          await killInBurst(on, [on.random.pick([alice, phone, bob, tablet])], on.seats)
        }
        // The other two remain, and show the same in the end.
        const [by, lost] = on.random.pick([
          [alice, phone],
          [bob, tablet],
        ] as const)
        await revokeInBurst(on, by, lost)
        await on.burst(BURST)
      }),
  }
}

async function read(peer: Actor, conversations: readonly string[]): Promise<void> {
  for (const conversation of conversations) await peer.read(conversation)
}

async function revokeInBurst(on: Scene, by: Peer, device: Actor): Promise<void> {
  const burst = on.burst(BURST)
  await on.revoke(by, device)
  await burst
}
