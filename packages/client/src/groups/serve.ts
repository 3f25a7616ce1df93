import { generationOf, roster } from '@sotto/group'
import type { Change, DeviceId, EpochId, GenerationId, ThingId } from '@sotto/interface'
import { toHex, type Receipt } from '@sotto/wire'
import type { Conversation } from '../conversation/conversation.ts'
import { newestReceipt } from '../conversation/newest-receipt.ts'
import { outboxRow } from '../conversation/outbox-row.ts'
import type { Control, Kept } from './control.ts'
import { innerOf } from './say.ts'
import { waitAtPlace } from './turn.ts'

/** Its author has had this long to bring a thing to everybody. */
const OLD_MS = 60_000
/** As many at once: the next receipt says how far they have helped. */
const MAX_SERVED = 16

/** Devices for whom this one waits for its turn to serve, in this run. */
const waiting = new WeakMap<Conversation, Set<DeviceId>>()

/**
 * A receipt says that a device lacks things that are here: they are given to it, so that nobody holds the others up by giving a thing to some
 * only, or one thing to some and another to others. One device does, and each other one after a while, if it still lacks them. Runs in the lane.
 */
export async function serveLacking(conversation: Conversation, lacking: DeviceId, receipt: Receipt): Promise<void> {
  const { control, state } = conversation
  if (control === undefined || lacking === state.self || lackedBy(control, lacking, receipt).length === 0) return
  const place = placeAmong(serversFor(conversation, lacking, askedFor(control, receipt)), state.self)
  if (place === 0) return give(conversation, lacking, receipt)
  const turns = waiting.get(conversation) ?? new Set()
  if (place === undefined || turns.has(lacking)) return
  waiting.set(conversation, turns.add(lacking))
  conversation.outlet.later(waitAtPlace(place), () =>
    conversation.lane.run(async () => {
      turns.delete(lacking)
      const newest = await newestReceipt(conversation.context.store, conversation.id, lacking)
      if (newest !== undefined && isThere(conversation, lacking)) await give(conversation, lacking, newest)
    }),
  )
}

async function give(conversation: Conversation, lacking: DeviceId, receipt: Receipt): Promise<void> {
  const { id, control, context, generation } = conversation
  if (control === undefined) return
  const now = context.clock.now()
  const theirs = await generationAt(conversation, receipt)
  const named = new Set(askedFor(control, receipt).map(({ thing }) => thing.id))
  const changes: Change[] = []
  for (const kept of lackedBy(control, lacking, receipt)) {
    if (changes.length === MAX_SERVED) break
    const stored = await context.store.get('control', [id, kept.thing.id])
    // What is asked for by name has reached others than the one who asks.
    if (stored === undefined || (now - stored.receivedAt < OLD_MS && !named.has(kept.thing.id))) continue
    // What they have names it: it was meant for those keys, and who waits for it may not know newer ones.
    const isNamed = named.has(kept.thing.id)
    const under = (isNamed ? theirs : undefined) ?? generation.id
    const about = { conversation: id, kind: 'control', generation: under, createdAt: now } as const
    const row = outboxRow({ ...about, inner: innerOf(kept) })
    const onItsWay = await context.store.get('outbox', [id, row.innerId])
    // One row for each item: what somebody older waits for is not moved to newer keys.
    if (onItsWay === undefined || (isNamed && onItsWay.generation !== under)) changes.push({ put: 'outbox', row })
  }
  if (changes.length === 0) return
  await context.store.commit(changes)
  conversation.outlet.wake(conversation)
}

/** The generation under whose keys a device is, as its receipt says, if its keys are kept here. */
export async function generationAt(
  { epochs, generations, context }: Conversation,
  { epochId }: Receipt,
): Promise<GenerationId | undefined> {
  const state = await epochs.get(toHex<EpochId>(epochId))
  if (state === undefined) return undefined
  const { id } = await generationOf(context.engine, state)
  return generations.find((kept) => kept.id === id)?.id
}

/** The things that are here and not there, by what a device has said: those that it names, then what each chain has beyond its reach. */
function lackedBy(control: Control, lacking: DeviceId, receipt: Receipt): readonly Kept[] {
  const said = reachesIn(receipt)
  const beyond = [...control.reaches()].flatMap(([device, { seq: reach }]) => {
    const has = said.get(device) ?? 0
    return device === lacking || has >= reach ? [] : thingsAbove(control, device, has)
  })
  return [...new Set([...askedFor(control, receipt), ...beyond])]
}

/** What it asks for by name, of what has its place here, each after what it lacks of that chain. */
function askedFor(control: Control, receipt: Receipt): readonly Kept[] {
  const said = reachesIn(receipt)
  const asked = receipt.lacking.flatMap((id) => control.placedAt(toHex<ThingId>(id)) ?? [])
  return asked.flatMap((kept) => {
    const { device, seq } = kept.thing
    return [...thingsAbove(control, device, said.get(device) ?? 0).filter(({ thing }) => thing.seq < seq), kept]
  })
}

/** How far each chain is there, as a receipt says. */
export function reachesIn({ progress }: Receipt): ReadonlyMap<DeviceId, number> {
  return new Map(progress.map(({ device, control }) => [toHex<DeviceId>(device), control]))
}

/** Who gives a device what it lacks: the first by seniority, in the tree and holding its state, that is not this one. */
export function serverFor(conversation: Conversation, lacking: DeviceId): DeviceId | undefined {
  return serversFor(conversation, lacking, [])[0]
}

/** Those who may, in order: whoever has said what stands on such a thing has it; then by seniority. */
function serversFor({ control, tip }: Conversation, lacking: DeviceId, asked: readonly Kept[]): readonly DeviceId[] {
  if (control === undefined) return []
  const { view } = control
  const there = new Set(roster(tip).map(({ device }) => device))
  const devices = view.accounts.flatMap(({ account }) =>
    view.tree.flatMap(({ device }) => (control.accountOf(device) === account && there.has(device) ? [device] : [])),
  )
  const others = devices.filter((device) => device !== lacking)
  const ids = new Set(asked.map(({ thing }) => thing.id))
  const namers = new Set<DeviceId>()
  if (ids.size > 0)
    for (const { thing } of control.placed)
      if ([...thing.deps, thing.prev].some((id) => id !== undefined && ids.has(id))) namers.add(thing.device)
  return [...others.filter((device) => namers.has(device)), ...others.filter((device) => !namers.has(device))]
}

function placeAmong(devices: readonly DeviceId[], self: DeviceId): number | undefined {
  const place = devices.indexOf(self)
  return place < 0 ? undefined : place
}

function isThere({ tip }: Conversation, device: DeviceId): boolean {
  return roster(tip).some((member) => member.device === device)
}

function thingsAbove(control: Control, device: DeviceId, seq: number): readonly Kept[] {
  return control
    .chainOf(device)
    .filter(({ thing }) => thing.seq > seq)
    .slice(0, MAX_SERVED)
}
