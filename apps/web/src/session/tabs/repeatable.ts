import type { IntentName } from '@sotto/client'
import { SottoError } from '@sotto/interface'
import { sessionStrings } from '../session-strings.ts'

/**
 * Which intents may be asked again when the leader is gone before it has answered: those that only read, and those that
 * do the same when done twice. `send` is one of them by the key that goes with it.
 */
const REPEATABLE: Readonly<Partial<Record<IntentName, true>>> = {
  send: true,
  invitations: true,
  revoke: true,
  preview: true,
  requests: true,
  block: true,
  conversations: true,
  messages: true,
  read: true,
  older: true,
  sync: true,
  status: true,
  safety: true,
  verify: true,
  rename: true,
  drafts: true,
  keepDraft: true,
  settings: true,
  setRelays: true,
  setRelaysOnly: true,
  devices: true,
}

export function isRepeatable(name: IntentName): boolean {
  return REPEATABLE[name] === true
}

/** The error for an intent of which nobody knows whether it was carried out. */
export function interrupted(): SottoError {
  return new SottoError('interrupted', sessionStrings.interrupted)
}
