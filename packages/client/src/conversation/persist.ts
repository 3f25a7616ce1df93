import type { PersistEffect } from '@sotto/core'
import type { Change, Rows } from '@sotto/interface'
import { equals } from 'uint8arrays'
import type { Conversation } from './conversation.ts'
import { recordChanges } from './queue-record.ts'

/**
 * The writes that core's persist effects stand for, to be committed in one transaction with the state they belong to.
 * `receipt` are the signed bytes of the receipt that is being applied, if one is.
 */
export async function changesOf(
  conversation: Conversation,
  effects: readonly PersistEffect[],
  receipt: Uint8Array = new Uint8Array(),
): Promise<Change[]> {
  const { store } = conversation.context
  const changes: Change[] = []
  const events = new Map<string, Rows['events']>()
  for (const effect of effects) {
    switch (effect.type) {
      case 'put-event':
        events.set(`${effect.row.device} ${effect.row.seq}`, effect.row)
        changes.push(...errandsOf(conversation, effect.row))
        break
      case 'show-event':
      case 'number-event': {
        const name = `${effect.device} ${effect.seq}`
        const row = events.get(name) ?? (await store.get('events', [conversation.id, effect.device, effect.seq]))
        const change = effect.type === 'show-event' ? { shown: 1 } : { lamport: effect.lamport }
        if (row !== undefined) events.set(name, { ...row, ...change })
        break
      }
      case 'prove-event': {
        const name = `${effect.device} ${effect.seq}`
        const row = events.get(name) ?? (await store.get('events', [conversation.id, effect.device, effect.seq]))
        if (row !== undefined && !equals(row.proof, effect.proof)) events.set(name, { ...row, proof: effect.proof })
        break
      }
      case 'put-receipt': {
        const { device, counter } = effect
        changes.push({ put: 'receipts', row: { conversation: conversation.id, device, counter, bytes: receipt } })
        break
      }
      case 'receipt-due':
        changes.push(...(await recordChanges(conversation, 'receipt', effect.body)))
        break
      case 'release':
        changes.push(...(await releases(conversation, effect.upTo)))
        break
    }
  }
  return [...changes, ...[...events.values()].map((row): Change => ({ put: 'events', row }))]
}

/** Kinds that say something to this device also when another one of its account has said them. */
const ANSWERED: readonly string[] = ['group.welcome', 'group.accept']

/** What others' events ask this device to do is noted with them, so that no crash comes between. */
function errandsOf(conversation: Conversation, { account, device, seq, kind }: Rows['events']): Change[] {
  const own = conversation.context.profile()
  const errand: Change = { put: 'errands', row: { conversation: conversation.id, device, seq, kind } }
  const isAsked = account !== own.account || conversation.kind === 'self' || ANSWERED.includes(kind)
  // What is set here holds by the same order as what is set on the account's other devices.
  if (kind === 'self.setting' && account === own.account) return [errand]
  if (device === own.device || !isAsked || !/^(group|device|self)\./.test(kind)) return []
  return [errand]
}

async function releases(conversation: Conversation, upTo: number): Promise<Change[]> {
  const rows = await conversation.context.store.list('outbox', { prefix: [conversation.id] })
  return rows
    .filter((row) => row.kind === 'application' && row.lastSeq <= upTo)
    .map((row): Change => ({ delete: 'outbox', key: [conversation.id, row.innerId] }))
}
