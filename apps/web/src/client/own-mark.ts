import type { MessageSnapshot, OwnState } from '@sotto/client'
import { clientStrings } from './client-strings.ts'

/** How far an own message has come: what its mark shows. */
export interface OwnMark {
  readonly state: OwnState | 'unsent'
  /** Said by screen readers, and shown when one points at it. */
  readonly words: string
  /** Beside the mark: in groups while not all have it or have read it, and where a mark alone would say too little. */
  readonly count: string | undefined
}

/** The mark of an own message; others' have none. */
export function ownMark(message: MessageSnapshot | undefined): OwnMark | undefined {
  if (message === undefined || !message.own || message.state === 'received') return undefined
  const { state, reached } = message
  if (message.unsent) return { state: 'unsent', words: clientStrings.unsentWhy, count: clientStrings.unsent }
  if (message.elsewhere) return { state: 'sent', words: clientStrings.elsewhere, count: undefined }
  if (reached === undefined) return { state, words: clientStrings.states[state], count: undefined }
  // Of nobody, everybody has it: that is no news.
  if (reached.of === 0)
    return { state: state === 'queued' ? state : 'sent', words: clientStrings.toNobody, count: undefined }
  const { delivered, read, of } = reached
  const isOnItsWay = state === 'queued' && delivered > 0
  const word = isOnItsWay ? clientStrings.onItsWay : clientStrings.states[state]
  return { state, words: `${word} · ${clientStrings.reached(delivered, read, of)}`, count: countOf(state, reached) }
}

function countOf(
  state: OwnState,
  { delivered, read, of }: NonNullable<MessageSnapshot['reached']>,
): string | undefined {
  if (state === 'read') return undefined
  if (state === 'delivered') return read > 0 ? clientStrings.readBy(read, of) : undefined
  return delivered > 0 ? clientStrings.hasIt(delivered, of) : undefined
}
