import { decodeLogHeads, encodeLogHeads, fromHex, MAX_DEVICES, MAX_START, toHex } from '@sotto/wire'
import type { Conversation } from '../conversation/conversation.ts'

/** Where every device's events stand here, encoded; our own as far as they were sealed. Of more than fit, those of who is in. */
export function logHeads({ state }: Pick<Conversation, 'state'>): Uint8Array {
  const heads = state.devices
    .toSorted((a, b) => Number(b.live) - Number(a.live))
    .map(({ device, head }) => ({ device: fromHex(device), seq: device === state.self ? state.sealed.seq : head.seq }))
    .filter(({ seq }) => seq > 0 && seq <= MAX_START)
    .slice(0, MAX_DEVICES)
  return encodeLogHeads({ heads })
}

/** The highest number of an event that is settled here: a commit says it, for the floor of its child. */
export function highestNumber({ state }: Pick<Conversation, 'state'>): number {
  return Math.max(...state.devices.map(({ head }) => head.lamport))
}

/** Up to which of our events those who come in are owed nothing, as the committer says. */
export function owedBy({ state }: Pick<Conversation, 'state'>, heads: Uint8Array): number {
  const decoded = decodeLogHeads(heads)
  const own = decoded.ok ? decoded.value.heads.find(({ device }) => toHex(device) === state.self) : undefined
  return own?.seq ?? 0
}
