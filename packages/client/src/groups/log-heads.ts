import { decodeLogHeads, encodeLogHeads, fromHex, MAX_START, toHex } from '@sotto/wire'
import type { Conversation } from '../conversation/conversation.ts'

/** Where every device's events stand here, encoded; our own as far as they were sealed. Of whom only a committer has told us, nothing is here. */
export function logHeads({ state }: Pick<Conversation, 'state'>): Uint8Array {
  const heads = state.devices
    .map(({ device, head }) => {
      const here = head.eventId === '' ? 0 : head.seq
      return { device: fromHex(device), seq: device === state.self ? state.sealed.seq : here }
    })
    .filter(({ seq }) => seq > 0 && seq <= MAX_START)
  return encodeLogHeads({ heads })
}

/** Up to which of our events those who come in are owed nothing, as the committer says. */
export function owedBy({ state }: Pick<Conversation, 'state'>, heads: Uint8Array): number {
  const decoded = decodeLogHeads(heads)
  const own = decoded.ok ? decoded.value.heads.find(({ device }) => toHex(device) === state.self) : undefined
  return own?.seq ?? 0
}
