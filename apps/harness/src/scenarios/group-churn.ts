import type { Actor } from '../scene/actor.ts'
import { killInBurst } from '../scene/faults.ts'
import type { Group } from '../scene/group.ts'
import { Peer } from '../scene/peer.ts'
import { onScene, type Scene } from '../scene/scene.ts'
import type { Scenario } from './scenario.ts'

/** Messages that are said after a change, by whoever is in then. */
const BURST = 8

export interface GroupChurnInit {
  /** How often somebody is added, removed, leaves, is appointed or demoted, while others are killed and messages flow. */
  readonly rounds: number
  /** One of them is in a Chromium. */
  readonly page: boolean
}

export function groupChurn({ rounds, page }: GroupChurnInit): Scenario {
  return {
    about:
      'people, one of them in a Chromium, are added to a group, removed, leave, become admins and cease to be, while others are killed and messages flow',
    play: (stage) =>
      onScene(stage, async (on) => {
        const relay = await on.relay({ page })
        const [terminals, dave] = await Promise.all([
          Promise.all(['Alice', 'Bob', 'Carol'].map((name) => on.terminal(name, relay))),
          page ? on.page('Dave', relay) : on.terminal('Dave', relay),
        ])
        const [alice, bob, carol] = terminals as [Peer, Peer, Peer]
        const [people, others] = [
          [...terminals, dave],
          [bob, carol, dave],
        ]
        for (const [at, peer] of terminals.entries()) {
          for (const later of people.slice(at + 1)) await on.contacts(peer, later)
        }
        const group = await on.group('Friends', alice, [bob, dave])
        const cast: Cast = { on, group, owner: alice, others, admins: new Set() }
        for (let round = 0; round < rounds; round += 1) {
          const { by, peer, work } = changeIn(cast)
          const rest = people.filter((each) => each !== by && each !== peer)
          const victims = on.random.chance(1 / 3) ? rest : [on.random.pick(rest)]
          await Promise.all([work(), killInBurst(on, victims, on.seats)])
          await on.burst(BURST)
        }
      }),
  }
}

interface Cast {
  readonly on: Scene
  readonly group: Group
  readonly owner: Peer
  readonly others: readonly Actor[]
  readonly admins: Set<Actor>
}

/** Something that `by` does with `peer`; neither of them is killed meanwhile, so that the scenario can ask them. */
interface Change {
  readonly by: Actor
  readonly peer: Actor
  work(): Promise<void>
}

/** Whoever is in may go in one way or the other, or get another role; whoever is out may come. There stay two at least. */
function changeIn({ on: { random }, group, owner, others, admins }: Cast): Change {
  const inside = others.filter((peer) => group.members.includes(peer))
  const outside = others.filter((peer) => !inside.includes(peer))
  const mayGo = inside.length > 1
  const peer = random.pick(mayGo ? others : outside.length > 0 && random.chance(0.5) ? outside : others)
  // An admin may do as the owner does, but not to another admin; here those at terminals do.
  const able = [owner, ...[...admins].filter((admin) => admin !== peer && !admins.has(peer))].filter(isAtTerminal)
  const by = random.pick(able)
  if (!inside.includes(peer)) return { by, peer, work: () => group.add(by, peer) }
  const isAdmin = admins.has(peer)
  const what = random.integer(mayGo ? 4 : 2)
  if (what < 2) {
    if (isAdmin) admins.delete(peer)
    else admins.add(peer)
    return { by: owner, peer, work: () => group.appoint(owner, peer, isAdmin ? 'member' : 'admin') }
  }
  admins.delete(peer)
  return what === 2
    ? { by, peer, work: () => group.remove(by, peer) }
    : { by: peer, peer, work: () => group.leave(peer) }
}

function isAtTerminal(actor: Actor): actor is Peer {
  return actor instanceof Peer
}
