import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { ConversationId, EpochId } from '@sotto/interface'
import type { ClientState, GroupState } from 'ts-mls/clientState.js'
import type { AuthenticationService } from 'ts-mls/authenticationService.js'
import { mlsExporter } from 'ts-mls/keySchedule.js'
import { SUITE, type GroupEngine } from './engine.ts'
import { libraryConfig } from './library-config.ts'
import type { Known, Member } from './members.ts'

export const INNER: unique symbol = Symbol('inner')

const EPOCH_LABEL = 'sotto epoch id'
const GENERATION_LABEL = 'sotto generation'
const EXPORTED = 32

/** What a state holds inside: the library's state, who the leaves are, and the generation that the epoch belongs to. */
export interface Inner {
  readonly mls: GroupState
  readonly members: readonly Member[]
  readonly generationSecret: Uint8Array
}

/**
 * One epoch of one conversation as one device holds it: an immutable value. Every operation answers a new one, which
 * must be stored before anything that was made with it leaves the device.
 */
export interface EpochState {
  readonly conversation: ConversationId
  /** Names the epoch, also across forks: the MLS exporter under "sotto epoch id". */
  readonly epochId: EpochId
  /** The epoch's number; siblings of a fork share it. */
  readonly epoch: bigint
  readonly [INNER]: Inner
}

/** Makes the state of a new epoch. Without `generationSecret` the epoch opens a generation. */
export async function newEpoch(
  engine: GroupEngine,
  mls: GroupState,
  members: readonly Member[],
  generationSecret?: Uint8Array,
): Promise<EpochState> {
  const secret = generationSecret ?? (await exporter(engine, mls, GENERATION_LABEL))
  const epochId = bytesToHex(await exporter(engine, mls, EPOCH_LABEL)) as EpochId
  return stateOf(epochId, { mls, members, generationSecret: secret })
}

/** Puts a state together from parts that belong together. */
export function stateOf(epochId: EpochId, inner: Inner): EpochState {
  const { groupId, epoch } = inner.mls.groupContext
  return { conversation: bytesToHex(groupId) as ConversationId, epochId, epoch, [INNER]: inner }
}

/** The same epoch with the library's state moved on (message keys used up). */
export function movedOn(state: EpochState, mls: GroupState): EpochState {
  return stateOf(state.epochId, { ...state[INNER], mls })
}

/** The library's state with our settings and, where leaves may come in, an authentication service. */
export function withConfig(state: EpochState, service?: AuthenticationService): ClientState {
  return { ...state[INNER].mls, clientConfig: libraryConfig(service) }
}

/** The devices of this epoch's tree, by leaf index. */
export function roster(state: EpochState): readonly Member[] {
  return state[INNER].members
}

/** The same, with the tree that they are the leaves of. */
export function knownBy(state: EpochState): Known {
  return { tree: state[INNER].mls.ratchetTree, members: roster(state) }
}

function exporter(engine: GroupEngine, mls: GroupState, label: string): Promise<Uint8Array> {
  return mlsExporter(mls.keySchedule.exporterSecret, label, utf8ToBytes(''), EXPORTED, engine[SUITE])
}
