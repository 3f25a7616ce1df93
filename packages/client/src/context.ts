import type { GroupEngine, Verify } from '@sotto/group'
import type { Clock, Crypto, Logger, Random, Store, Transport } from '@sotto/interface'
import type { Lane } from './lane.ts'
import type { Profile } from './profile.ts'
import type { Fact } from './fact.ts'

/** The parts that a client runs on; the platform entries put them together. */
export interface Parts {
  readonly store: Store
  readonly transport: Transport
  readonly crypto: Crypto
  readonly random: Random
  readonly clock: Clock
  readonly logger: Logger
  /** Changes the key that seals secrets in the store, after some were deleted. */
  readonly rotateSecrets?: () => Promise<void>
  /** The passphrase that protects the store, where one can be set. `set` throws when `old` is not the one that is set. */
  readonly lock?: {
    isSet(): Promise<boolean>
    set(next: string | undefined, old: string | undefined): Promise<void>
  }
}

/** What every part of the client shares. */
export interface Context extends Parts {
  readonly engine: GroupEngine
  /** Checks a leaf's credential: MLS's authentication service. */
  readonly verify: Verify
  /** First contact, one step at a time: hellos that come, and requests that are accepted. */
  readonly meetings: Lane
  /** The profile as it is now. */
  profile(): Profile
  /** Tells whoever watches. */
  emit(fact: Fact): void
  /** Something that a snapshot shows has changed. */
  changed(): void
}
