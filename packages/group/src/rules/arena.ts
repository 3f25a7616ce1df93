import type { EpochId, ThingId } from '@sotto/interface'
import { slotOf, type Analysis, type Lookup } from './analysis.ts'
import type { Epoch } from './epoch.ts'
import type { Node } from './node.ts'

/**
 * Where nodes stand in the order in which they came. Only grows: a log is the first so many of its nodes, and growing an older log copies, so
 * that logs are values while the newest one costs nothing to extend.
 */
export interface Arena extends Lookup {
  readonly nodes: Node[]
  readonly index: Map<ThingId, Node>
  readonly children: Map<Epoch, Epoch[]>
  readonly slots: Map<string, Node[]>
  readonly epochs: Map<EpochId, Epoch[]>
  /** Well-formed adds by the acceptance that they use. */
  readonly acceptances: Map<string, Node[]>
  readonly memo: Map<string, Analysis>
}

export function arenaOf(nodes: readonly Node[]): Arena {
  const arena: Arena = {
    nodes: [],
    index: new Map(),
    children: new Map(),
    slots: new Map(),
    epochs: new Map(),
    acceptances: new Map(),
    memo: new Map(),
  }
  for (const node of nodes) append(arena, node)
  return arena
}

export function append(arena: Arena, node: Node): void {
  const { epoch, body } = node
  arena.nodes.push(node)
  arena.index.set(node.id, node)
  put(arena.slots, slotOf(node), node)
  if (epoch !== undefined) put(arena.epochs, epoch.id, epoch)
  if (epoch?.parent !== undefined) put(arena.children, epoch.parent, epoch)
  if (body.kind === 'add' && node.isWellFormed) put(arena.acceptances, body.acceptance, node)
}

function put<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const there = map.get(key)
  if (there === undefined) map.set(key, [value])
  else there.push(value)
}
