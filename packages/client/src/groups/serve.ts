import { roster } from '@sotto/group'
import type { DeviceId } from '@sotto/interface'
import { toHex, type Receipt } from '@sotto/wire'
import type { Conversation } from '../conversation/conversation.ts'
import { outboxRow } from '../conversation/outbox-row.ts'
import type { Kept } from './control.ts'
import { innerOf } from './say.ts'

/** Its author has had this long to bring a thing to everybody. */
const OLD_MS = 60_000
/** As many at once: the next receipt says how far they have helped. */
const MAX_SERVED = 16

/**
 * A receipt says that a device lacks things of others that are here: they are given to it, so that nobody holds the others up by giving a thing
 * to some only. One device does, the first by seniority that is not the one who lacks them.
 */
export async function serveLacking(conversation: Conversation, lacking: DeviceId, receipt: Receipt): Promise<void> {
  const { id, control, context, state, generation } = conversation
  if (control === undefined || serverFor(conversation, lacking) !== state.self) return
  const now = context.clock.now()
  const said = new Map(receipt.progress.map(({ device, control: seq }) => [toHex<DeviceId>(device), seq]))
  const changes = []
  for (const [device, { seq: reach }] of control.reaches()) {
    const has = said.get(device) ?? 0
    if (device === state.self || device === lacking || has >= reach) continue
    for (const kept of thingsAbove(control.kept.values(), device, has)) {
      const row = await context.store.get('control', [id, kept.thing.id])
      if (row === undefined || now - row.receivedAt < OLD_MS) continue
      const about = {
        conversation: id,
        kind: 'control',
        inner: innerOf(kept),
        generation: generation.id,
        createdAt: now,
      } as const
      changes.push({ put: 'outbox', row: outboxRow(about) } as const)
    }
  }
  if (changes.length === 0) return
  await context.store.commit(changes.slice(0, MAX_SERVED))
  conversation.outlet.wake(conversation)
}

/** Who gives a device what it lacks: the first by seniority, in the tree and holding its state, that is not this one. */
export function serverFor({ control, tip }: Conversation, lacking: DeviceId): DeviceId | undefined {
  const view = control?.view
  const there = new Set(roster(tip).map(({ device }) => device))
  for (const { account } of view?.accounts ?? []) {
    const isServer = ({ device }: { device: DeviceId }): boolean =>
      device !== lacking && there.has(device) && control?.accountOf(device) === account
    const leaf = view?.tree.find(isServer)
    if (leaf !== undefined) return leaf.device
  }
  return undefined
}

function thingsAbove(things: Iterable<Kept>, device: DeviceId, seq: number): Kept[] {
  return [...things]
    .filter(({ thing }) => thing.device === device && thing.seq > seq)
    .toSorted((a, b) => a.thing.seq - b.thing.seq)
    .slice(0, MAX_SERVED)
}
