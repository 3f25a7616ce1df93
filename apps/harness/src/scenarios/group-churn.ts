import type { Group } from '../scene/group.ts'
import type { Peer } from '../scene/peer.ts'
import { onScene, type Scene } from '../scene/scene.ts'
import type { Scenario } from './scenario.ts'

/** Messages that are under way when somebody comes or goes. */
const BURST = 8

/** `rounds`: how often somebody is added, removed, or leaves. */
export function groupChurn(rounds: number): Scenario {
  return {
    about: 'people are added to a group, are removed and leave, while messages flow',
    play: (stage) =>
      onScene(stage, async (on) => {
        const relay = await on.relay()
        const people = await Promise.all(['Alice', 'Bob', 'Carol', 'Dave'].map((name) => on.terminal(name, relay)))
        const [alice, ...others] = people as [Peer, Peer, Peer, Peer]
        for (const other of others) await on.contacts(alice, other)
        const group = await on.group('Friends', alice, others.slice(0, 2))
        for (let round = 0; round < rounds; round += 1) {
          await Promise.all([change(on, group, alice, others), on.burst(BURST)])
          await on.burst(BURST)
        }
      }),
  }
}

/** Whoever is in may go in one way or the other, whoever is out may come. There stay two at least. */
function change(on: Scene, group: Group, owner: Peer, others: readonly Peer[]): Promise<void> {
  const inside = others.filter((peer) => group.members.includes(peer))
  const peer = on.random.pick(inside.length > 1 ? others : others.filter((each) => !inside.includes(each)))
  if (!inside.includes(peer)) return group.add(owner, peer)
  return on.random.chance(0.5) ? group.remove(owner, peer) : group.leave(peer)
}
