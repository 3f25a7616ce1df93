import assert from 'node:assert/strict'
import { readMessages } from './contacts.ts'
import type { Line } from './lines.ts'
import type { Online } from './online.ts'

/** How often each state was told for these messages. */
export function statesTold(at: Online, ids: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { message, state } of at.facts({ type: 'state' })) {
    if (ids.includes(String(message))) counts[String(state)] = (counts[String(state)] ?? 0) + 1
  }
  return counts
}

/** These messages stand in the rows of `messages` once each, in this order, each in that state. */
export function expectStates(rows: readonly Line[], ids: readonly string[], state: string): void {
  const own = readMessages(rows).filter(({ id }) => ids.includes(id))
  assert.deepEqual(
    own.map((message) => [message.id, message.state]),
    ids.map((id) => [id, state]),
  )
}
