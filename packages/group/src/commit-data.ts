import { concatBytes } from '@noble/hashes/utils.js'
import { ok, refuse, type Decoded } from '@sotto/interface'
import { MAX_AUTHENTICATED } from './limits.ts'

const VERSION = 1
const OPENS_GENERATION = 1

/** What a commit says beside its MLS content: in its `authenticated_data`, so signed by the committer. */
export interface CommitData {
  /** The commit opens a generation: addresses and transport keys of the child epoch are new. */
  readonly opensGeneration: boolean
  /** Bytes of the layer above (signed intents). */
  readonly authenticatedData: Uint8Array
}

/** version(1) ‖ flags(1) ‖ the layer above's bytes. */
export function encodeCommitData(data: CommitData): Uint8Array {
  return concatBytes(Uint8Array.of(VERSION, data.opensGeneration ? OPENS_GENERATION : 0), data.authenticatedData)
}

/** Total and exact. */
export function decodeCommitData(bytes: Uint8Array): Decoded<CommitData> {
  if (bytes.length > MAX_AUTHENTICATED + 2) return refuse('too-large')
  const [version, flags] = bytes
  if (version === undefined || flags === undefined) return refuse('malformed')
  if (version !== VERSION) return refuse('unknown-version')
  if (flags > OPENS_GENERATION) return refuse('out-of-range')
  return ok({ opensGeneration: flags === OPENS_GENERATION, authenticatedData: bytes.slice(2) })
}
