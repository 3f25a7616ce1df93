import type { DeviceId } from '@sotto/interface'
import { ancestorAt, type Epoch } from './epoch.ts'
import type { Forks } from './forks.ts'
import { compareIntents } from './intents.ts'
import type { Membership } from './membership.ts'
import { isIntent, type Node } from './node.ts'
import { compareText } from './seniority.ts'
import { betterPath } from './tip.ts'

/** What can be said of a closed set thing by thing, whatever the order. */
export interface Facts {
  readonly forks: Forks
  /** The last thing of each device's chain. */
  readonly latest: ReadonlyMap<DeviceId, Node>
  /** Its last ack or commit that counts: the epoch whose state it holds. */
  readonly entered: ReadonlyMap<DeviceId, Node>
  readonly lamport: number
  /** The best lock that the past of a thing shows, things of forked chains aside. */
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

/** What looks up the things of the set that is asked about. */
export interface Members {
  /** Those on the same seq of the same device, itself included. */
  twinsOf(node: Node): readonly Node[]
  all(): readonly Node[]
}

/** The facts of a set that others make with `nodes`. */
export function withNodes(before: Facts, nodes: readonly Node[], members: Members): Facts {
  const latest = new Map(before.latest)
  const entered = new Map(before.entered)
  let { lamport, forks, intents } = before
  for (const node of nodes) {
    lamport = Math.max(lamport, node.lamport)
    keepLast(latest, node)
    if (node.isWellFormed && (node.body.kind === 'ack' || node.body.kind === 'commit')) keepLast(entered, node)
    if (node.isWellFormed && isIntent(node.body)) intents = inserted(intents, node)
    if (node.breaksChain || members.twinsOf(node).length > 1) forks = withFork(forks, node)
  }
  const first = ancestorAt(before.mark, 0)
  const mark = forks === before.forks ? bestMark(before.mark, nodes, forks) : bestMark(first, members.all(), forks)
  const memberships = intents === before.intents && forks === before.forks ? before.memberships : new Map()
  return { forks, latest, entered, lamport, mark, intents, memberships }
}

/**
 * What a device that forked its chain knew as agreed, others may never have: only the locks of the rest count. Whoever acted on what was final
 * has said so in its own chain.
 */
function bestMark(mark: Epoch, nodes: readonly Node[], forks: Forks): Epoch {
  let best = mark
  for (const { thing, lock } of nodes)
    if (lock !== best && thing.seq < (forks.get(thing.device) ?? Infinity)) best = betterPath(best, lock)
  return best
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

function withFork(forks: Forks, { thing }: Node): Forks {
  const before = forks.get(thing.device)
  return before !== undefined && before <= thing.seq ? forks : new Map(forks).set(thing.device, thing.seq)
}
