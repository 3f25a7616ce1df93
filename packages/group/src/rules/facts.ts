import type { DeviceId } from '@sotto/interface'
import type { Epoch } from './epoch.ts'
import { compareIntents } from './intents.ts'
import type { Membership } from './membership.ts'
import { isIntent, type Node } from './node.ts'
import { compareText } from './seniority.ts'
import { betterPath } from './tip.ts'

/** What can be said of a closed set thing by thing, whatever the order. */
export interface Facts {
  readonly forks: ReadonlyMap<DeviceId, number>
  /** The last thing of each device's chain. */
  readonly latest: ReadonlyMap<DeviceId, Node>
  /** Its last ack or commit that counts: the epoch whose state it holds. */
  readonly entered: ReadonlyMap<DeviceId, Node>
  readonly lamport: number
  /** The best lock that any thing's past shows. */
  readonly mark: Epoch
  /** Well-formed intents in the order in which they are judged. */
  readonly intents: readonly Node[]
  /** Memberships already computed from these intents and forks, by lock. Shared by sets that differ in neither. */
  readonly memberships: Map<Epoch, Membership>
}

/** The facts of the set that has nothing but the create. */
export function firstFacts(create: Node, first: Epoch): Facts {
  const word = new Map([[create.thing.device, create]])
  const { lamport } = create
  return { forks: new Map(), latest: word, entered: word, lamport, mark: first, intents: [], memberships: new Map() }
}

/** The facts of a set to which `nodes` have been added. `twinsOf` answers the things in `set` on the same seq of the same device. */
export function withNodes(before: Facts, nodes: readonly Node[], twinsOf: (node: Node) => readonly Node[]): Facts {
  const latest = new Map(before.latest)
  const entered = new Map(before.entered)
  let { lamport, mark, forks, intents } = before
  for (const node of nodes) {
    lamport = Math.max(lamport, node.lamport)
    mark = betterPath(mark, node.lock)
    keepLast(latest, node)
    if (node.isWellFormed && (node.body.kind === 'ack' || node.body.kind === 'commit')) keepLast(entered, node)
    if (node.isWellFormed && isIntent(node.body)) intents = inserted(intents, node)
    if (node.breaksChain || twinsOf(node).length > 1) forks = withFork(forks, node)
  }
  const memberships = intents === before.intents && forks === before.forks ? before.memberships : new Map()
  return { forks, latest, entered, lamport, mark, intents, memberships }
}

function keepLast(map: Map<DeviceId, Node>, node: Node): void {
  const { device, seq } = node.thing
  const last = map.get(device)
  if (last === undefined || last.thing.seq < seq || (last.thing.seq === seq && compareText(last.id, node.id) < 0))
    map.set(device, node)
}

function inserted(intents: readonly Node[], node: Node): readonly Node[] {
  let [low, high] = [0, intents.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const at = intents[middle]
    if (at !== undefined && compareIntents(at, node) < 0) low = middle + 1
    else high = middle
  }
  return intents.toSpliced(low, 0, node)
}

function withFork(forks: ReadonlyMap<DeviceId, number>, { thing }: Node): ReadonlyMap<DeviceId, number> {
  const before = forks.get(thing.device)
  return before !== undefined && before <= thing.seq ? forks : new Map(forks).set(thing.device, thing.seq)
}
