import type { AccountId, DeviceId } from '@sotto/interface'
import { decodeReceipt, type Receipt } from '@sotto/wire'
import type { Input, Start, Step } from '../src/types.ts'
import type { Author } from './author.ts'
import { accountOf, deviceOf, EPOCH } from './ids.ts'

/** Where the others' logs stand, by name. */
export function start(seqs: Readonly<Record<string, number>>): Start[] {
  return Object.entries(seqs).map(([name, seq]) => ({ account: accountOf(name), device: deviceOf(name), seq }))
}

export function rosterOf(names: readonly string[]): { device: DeviceId; account: AccountId }[] {
  return names.map((name) => ({ device: deviceOf(name), account: accountOf(name) }))
}

/** Tells an author who is in from now on. */
export function members(
  author: Author,
  names: readonly string[],
  more: Partial<Extract<Input, { type: 'members' }>> = {},
): Step {
  return author.apply({ type: 'members', members: rosterOf(names), epochId: EPOCH, ...more })
}

/** The receipt that is to be sent after a step. Throws when there is none. */
export function receiptIn({ persist }: Step): Receipt {
  for (const effect of persist) {
    const decoded = effect.type === 'receipt-due' ? decodeReceipt(effect.body) : undefined
    if (decoded?.ok === true) return decoded.value
  }
  throw new Error('no receipt')
}

export function hear(author: Author, from: string, receipt: Receipt): Step {
  return author.apply({ type: 'receipt', device: deviceOf(from), receipt, via: 'mailbox', now: author.now })
}
