import type { ConversationId, DeviceId, EpochId, GenerationId } from '@sotto/interface'
import type { Change } from '../commit.ts'
import type { OwnKeyPackage, OwnLeaf } from '../key-package.ts'
import type { Member, Verify } from '../members.ts'
import type { GroupResult } from '../reasons.ts'

/** One epoch as one device holds it: an immutable value. */
export interface AnyState {
  readonly conversation: ConversationId
  readonly epochId: EpochId
  readonly epoch: bigint
}

/**
 * What a group engine does, whether it has cryptography or not. `realGroup` is the product's, `symbolicGroup` one without, for simulations; one
 * suite of tests holds for both. Reasons of refusals and lifetimes are as with the functions of the same names in this room.
 */
export interface Group<S extends AnyState> {
  createKeyPackage(init: { self: OwnLeaf; notBefore: number; notAfter: number }): Promise<OwnKeyPackage>
  found(init: { conversation: Uint8Array; self: OwnLeaf; verify: Verify }): Promise<GroupResult<S>>
  commit(
    state: S,
    change: Change,
    options: { opensGeneration: boolean; authenticatedData?: Uint8Array },
  ): Promise<GroupResult<{ parent: S; child: S; commit: Uint8Array; welcome?: Uint8Array }>>
  processCommit(parent: S, commit: Uint8Array, options: { verify: Verify }): Promise<GroupResult<ProcessedBy<S>>>
  join(init: {
    welcome: Uint8Array
    keyPackage: Pick<OwnKeyPackage, 'public' | 'private'>
    self: OwnLeaf
    verify: Verify
  }): Promise<GroupResult<S>>
  welcomeRefs(welcome: Uint8Array): GroupResult<readonly string[]>
  seal(
    state: S,
    plaintext: Uint8Array,
    options?: { authenticatedData?: Uint8Array },
  ): Promise<{ state: S; message: Uint8Array }>
  open(state: S, message: Uint8Array): Promise<GroupResult<OpenedBy<S>>>
  roster(state: S): readonly Member[]
  generationOf(state: S): Promise<{ readonly id: GenerationId; readonly secret: Uint8Array }>
  encodeState(state: S): Uint8Array
  decodeState(bytes: Uint8Array): GroupResult<S>
}

export interface ProcessedBy<S> {
  readonly child: S
  readonly committer: DeviceId
  readonly added: readonly Member[]
  readonly removed: readonly Member[]
  readonly opensGeneration: boolean
  readonly authenticatedData: Uint8Array
}

export interface OpenedBy<S> {
  readonly state: S
  readonly plaintext: Uint8Array
  readonly sender: DeviceId
  readonly authenticatedData: Uint8Array
}
