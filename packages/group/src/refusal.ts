import { refuse, SottoError } from '@sotto/interface'
import { CryptoError, CryptoVerificationError, ValidationError } from 'ts-mls/mlsError.js'
import type { GroupReason } from './reasons.ts'

type Refusal = { readonly ok: false; readonly reason: GroupReason }

/** What the library says when it cannot tell us by a class of its own. */
const SAID: readonly (readonly [start: string, reason: GroupReason])[] = [
  ['Desired gen in the past', 'replayed'],
  ['Desired generation too far', 'too-far'],
  ['Could not validate credential', 'bad-credential'],
  ['No matching secret found', 'wrong-key-package'],
  ['Commit cannot contain an Add proposal for someone already', 'already-member'],
]

/**
 * Turns what the library threw over a peer's bytes into a refusal. Our own errors pass through.
 * `otherwise` is the reason for everything that breaks a rule rather than a key.
 */
export function refusalOf(thrown: unknown, otherwise: GroupReason): Refusal {
  if (thrown instanceof SottoError) throw thrown
  if (thrown instanceof ValidationError) {
    const said = SAID.find(([start]) => thrown.message.startsWith(start))
    return refuse(said?.[1] ?? otherwise)
  }
  if (thrown instanceof CryptoVerificationError) return refuse('bad-signature')
  if (thrown instanceof CryptoError) return refuse('undecryptable')
  return refuse(otherwise)
}
