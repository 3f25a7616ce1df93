import { bytesToHex } from '@noble/hashes/utils.js'
import { ok, refuse, type AccountId, type ConversationId, type DeviceId, type EpochId } from '@sotto/interface'
import type { Member } from '../members.ts'
import type { GroupResult } from '../reasons.ts'
import { bytesIn, hash, unwrap, wrap } from './codec.ts'
import type { AnyState } from './group.ts'

/** An epoch of the symbolic group. Whoever has its secret is in it; the interface gives it to nobody else. */
export interface SymbolicState extends AnyState {
  readonly secret: Uint8Array
  readonly generationSecret: Uint8Array
  readonly members: readonly Member[]
  readonly self: number
  /** How many messages this device has sealed here. */
  readonly sealed: number
  /** Per leaf: the step after the furthest opened one, and those before that were not opened yet. */
  readonly heard: ReadonlyMap<number, { readonly next: number; readonly skipped: ReadonlySet<number> }>
}

export type Fresh = Pick<SymbolicState, 'conversation' | 'epoch' | 'secret' | 'generationSecret' | 'members' | 'self'>

/** The state of an epoch that just began. */
export function stateOf(fresh: Fresh): SymbolicState {
  return { ...fresh, epochId: bytesToHex(hash('epoch', fresh.secret)) as EpochId, sealed: 0, heard: new Map() }
}

const NO_SECRET = new Uint8Array()

export function encodeState(state: SymbolicState): Uint8Array {
  return wrap('state', NO_SECRET, {
    conversation: state.conversation,
    epoch: String(state.epoch),
    secret: bytesToHex(state.secret),
    generation: bytesToHex(state.generationSecret),
    members: encodeMembers(state.members),
    self: state.self,
    sealed: state.sealed,
    heard: [...state.heard].map(([leaf, { next, skipped }]) => [leaf, next, [...skipped]]),
  })
}

export function decodeState(bytes: Uint8Array): GroupResult<SymbolicState> {
  const found = unwrap('state', bytes)
  if (found === undefined || !found.isWhole(NO_SECRET)) return refuse('malformed')
  const { conversation, epoch, secret, generation, members, self, sealed, heard } = found.content
  const [key, generationSecret, list] = [bytesIn(secret), bytesIn(generation), decodeMembers(members)]
  if (key === undefined || generationSecret === undefined || list === undefined) return refuse('malformed')
  const fresh = stateOf({
    conversation: conversation as ConversationId,
    epoch: BigInt(epoch as string),
    secret: key,
    generationSecret,
    members: list,
    self: self as number,
  })
  // The digest says that these are our own bytes.
  const steps = heard as readonly (readonly [number, number, readonly number[]])[]
  const heardMap = new Map(steps.map(([leaf, next, skipped]) => [leaf, { next, skipped: new Set(skipped) }]))
  return ok({ ...fresh, sealed: sealed as number, heard: heardMap })
}

/** Members as they travel in Welcomes and stand in states. */
export function encodeMembers(members: readonly Member[]): readonly (readonly [string, string, number, string])[] {
  return members.map(({ account, device, leafIndex, credential }) => [
    account,
    device,
    leafIndex,
    bytesToHex(credential),
  ])
}

export function decodeMembers(value: unknown): readonly Member[] | undefined {
  if (!Array.isArray(value)) return undefined
  const members: Member[] = []
  for (const one of value as readonly unknown[]) {
    const [account, device, leafIndex, hex]: readonly unknown[] = Array.isArray(one) ? (one as readonly unknown[]) : []
    const credential = bytesIn(hex)
    if (typeof account !== 'string' || typeof device !== 'string' || typeof leafIndex !== 'number') return undefined
    if (credential === undefined) return undefined
    members.push({ account: account as AccountId, device: device as DeviceId, leafIndex, credential })
  }
  return members
}

/** The secret that a commit makes of its parent's: both are needed. */
export function childSecret(parent: SymbolicState, commit: Uint8Array): Uint8Array {
  return hash('child', parent.secret, commit)
}

/** The secret of the generation that an epoch opens. */
export function generationOfEpoch(secret: Uint8Array): Uint8Array {
  return hash('generation', secret)
}
