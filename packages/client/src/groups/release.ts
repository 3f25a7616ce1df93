import { finalFor } from '@sotto/group'
import type { Change } from '@sotto/interface'
import type { Conversation } from '../conversation/conversation.ts'
import { keyPackagesOf } from './key-packages.ts'
import { depositsOf, isForAll, type OutboxRow } from '../conversation/outbox-row.ts'

/** Own control things that every other device has, as its receipts say, leave the outbox; what is also for those who are out lies at a relay by then. */
export async function releaseControl(conversation: Conversation): Promise<void> {
  const { id, state, relays, context } = conversation
  const others = state.devices.filter(({ live, device }) => live && device !== state.self)
  const acknowledged = Math.min(...others.map((record) => record.acknowledged.control ?? 0))
  const isDone = (row: OutboxRow): boolean =>
    (row.kind === 'control' || row.kind === 'commit') &&
    row.lastSeq <= acknowledged &&
    (relays.length === 0 || depositsOf(row).length > 0 || !isForAll(conversation, row))
  const rows = await context.store.list('outbox', { prefix: [id] })
  const changes = rows.filter(isDone).map((row): Change => ({ delete: 'outbox', key: [id, row.innerId] }))
  if (changes.length > 0) await context.store.commit(changes)
}

/** Whether states of earlier epochs can be needed no more, whatever comes: the tip is final (G6). */
export function isSettled({ control, tip, context }: Conversation): boolean {
  return control === undefined || finalFor(control.log, context.profile().device) === tip.epochId
}

/** Key packages by which this device came in: once it is, and no branch can take it out again, nothing needs them. */
export async function usedKeyPackages({ id, control, context, state }: Conversation): Promise<Change[]> {
  const own = control?.view.tree.find(({ device }) => device === state.self)
  const isCurrent = control?.view.desired.some(({ device, grant }) => device === own?.device && grant === own.grant)
  if (isCurrent !== true) return []
  const kept = await context.store.listBy('keyPackages.invitation', { prefix: [keyPackagesOf(id)] })
  return kept.map(({ ref }): Change => ({ delete: 'keyPackages', key: [ref] }))
}
