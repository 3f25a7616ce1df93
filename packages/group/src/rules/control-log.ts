import type { DeviceId, ThingId } from '@sotto/interface'
import { append, arenaOf, type Arena } from './arena.ts'
import { createNode } from './create.ts'
import { nodeOf } from './judge.ts'
import { MAX_REFUSED_THINGS } from './limits.ts'
import type { Node } from './node.ts'
import { park, type Parked } from './parked.ts'
import type { Thing } from './thing.ts'

export const ARENA: unique symbol = Symbol('arena')

/**
 * The control things of one conversation that are here: the closed set, in which everything has its past, and things that wait for theirs. A
 * value: taking in a thing answers another log.
 */
export interface ControlLog {
  /** How many things the closed set has. */
  readonly size: number
  /** Indexes of the things that nothing else here covers, ascending. */
  readonly heads: readonly number[]
  readonly parked: Parked
  /** Things that can never come in: a second create, and what stands on one. */
  readonly refused: ReadonlySet<ThingId>
  readonly [ARENA]: Arena
}

/** A thing that others name and that is not here. `device` and `seq` are known when the thing after it in its chain is here. */
export interface Missing {
  readonly id: ThingId
  /** The author of a thing that names it: whoever says so must have had it. */
  readonly namedBy: DeviceId
  readonly device?: DeviceId
  readonly seq?: number
}

/** What taking in a thing did. */
export interface Taken {
  readonly log: ControlLog
  /** What became part of the closed set, each after all that it stands on. */
  readonly added: readonly Thing[]
}

export function emptyLog(): ControlLog {
  return { size: 0, heads: [], parked: new Map(), refused: new Set(), [ARENA]: arenaOf([]) }
}

/**
 * Takes in one thing. It joins the closed set if all that it names is there, and so does what was waiting for it; otherwise it is parked. A thing
 * that is here changes nothing, and so does a create that is not the log's first thing.
 */
export function withThing(log: ControlLog, thing: Thing): Taken {
  const unchanged = { log, added: [] }
  if (log.refused.has(thing.id) || log.parked.has(thing.id) || find(log, thing.id) !== undefined) return unchanged
  if (!canCome(log, thing)) return { log: withRefused(log, [thing.id]), added: [] }
  if (!isReady(log, thing)) return { log: { ...log, parked: park(log.parked, thing) }, added: [] }
  const arena = ownArena(log)
  const parked = new Map(log.parked)
  const added: Thing[] = []
  let heads = log.heads
  const ready = [thing]
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    const node = arena.nodes.length === 0 ? createNode(next) : nodeOf(arena, next, referencesOf(arena, next))
    if (node === undefined) return { log: withRefused(log, [next.id]), added: [] }
    append(arena, node)
    heads = [...heads.filter((head) => !node.heads.includes(head)), node.index]
    parked.delete(next.id)
    added.push(next)
    for (const waiting of parked.values()) if (names(waiting, next.id) && isIn(arena, waiting)) ready.push(waiting)
  }
  return { log: { ...log, size: arena.nodes.length, heads, parked, [ARENA]: arena }, added }
}

/** What things that wait here stand on, and what nobody has brought. */
export function missing(log: ControlLog): readonly Missing[] {
  const wanted = new Map<ThingId, Missing>()
  for (const { device, seq, prev, deps } of log.parked.values()) {
    for (const id of deps) if (!isHere(log, id) && !wanted.has(id)) wanted.set(id, { id, namedBy: device })
    if (prev !== undefined && !isHere(log, prev)) wanted.set(prev, { id: prev, namedBy: device, device, seq: seq - 1 })
  }
  return [...wanted.values()]
}

/** The node of a thing of the closed set. */
export function find(log: ControlLog, id: ThingId): Node | undefined {
  const node = log[ARENA].index.get(id)
  // The arena may have grown with a later log.
  return node === undefined || node.index >= log.size ? undefined : node
}

/** Whether a thing is in the closed set. */
export function isPlaced(log: ControlLog, id: ThingId): boolean {
  return find(log, id) !== undefined
}

/** All things of the closed set, each after all that it stands on. */
export function thingsOf(log: ControlLog): readonly Thing[] {
  return log[ARENA].nodes.slice(0, log.size).map(({ thing }) => thing)
}

function canCome(log: ControlLog, { body, prev, deps }: Thing): boolean {
  if (body.kind === 'create') return log.size === 0
  return (
    (prev !== undefined || deps.length > 0) &&
    !deps.some((id) => log.refused.has(id)) &&
    !(prev && log.refused.has(prev))
  )
}

function isReady(log: ControlLog, { body, prev, deps }: Thing): boolean {
  if (log.size === 0) return body.kind === 'create'
  return [...deps, ...(prev === undefined ? [] : [prev])].every((id) => find(log, id) !== undefined)
}

function isIn(arena: Arena, { prev, deps }: Thing): boolean {
  return deps.every((id) => arena.index.has(id)) && (prev === undefined || arena.index.has(prev))
}

function names({ prev, deps }: Thing, id: ThingId): boolean {
  return prev === id || deps.includes(id)
}

function isHere(log: ControlLog, id: ThingId): boolean {
  return log.parked.has(id) || log.refused.has(id) || find(log, id) !== undefined
}

function referencesOf({ index }: Arena, { prev, deps }: Thing): readonly Node[] {
  const ids = new Set([...deps, ...(prev === undefined ? [] : [prev])])
  return [...ids].flatMap((id) => index.get(id) ?? [])
}

/** The log's arena when nothing has been added behind it, otherwise a copy. */
function ownArena(log: ControlLog): Arena {
  const arena = log[ARENA]
  return arena.nodes.length === log.size ? arena : arenaOf(arena.nodes.slice(0, log.size))
}

function withRefused(log: ControlLog, ids: readonly ThingId[]): ControlLog {
  return { ...log, refused: new Set([...log.refused, ...ids].slice(-MAX_REFUSED_THINGS)) }
}
