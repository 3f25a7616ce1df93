import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import { ok, refuse, type AccountId, type DeviceId, type EpochId } from '@sotto/interface'
import {
  decodeGroupStateWithoutTree,
  decodeGroupStateWithWholeSecretTree,
  encodeGroupStateWithoutTree,
  type GroupState,
} from 'ts-mls/clientState.js'
import type { Decoder } from 'ts-mls/codec/tlsDecoder.js'
import { decodeRatchetTree, encodeRatchetTree, type RatchetTree } from 'ts-mls/ratchetTree.js'
import { MAX_DEVICES, MAX_STATE } from './limits.ts'
import { membersOf, type Member } from './members.ts'
import { SUITE_NAME } from './provider/suite.ts'
import type { GroupResult } from './reasons.ts'
import { INNER, roster, stateOf, type EpochState } from './state.ts'

/** The library's state as a whole, with ratchets for each node of the secret tree. Still read. */
const WHOLE = 1
/** The tree before the rest, as it stays what it is while the rest moves on. */
const TREE_FIRST = 2
const ID = 32
/** version(1) ‖ epoch id(32) ‖ generation secret(32) ‖ number of members(u16), then the accounts in the order of the leaves */
const HEAD = 1 + ID + ID + 2
const LENGTH = 4

/** The bytes of a state, secrets included: for the encrypted store, never for the network or a backup. */
export function encodeState(state: EpochState): Uint8Array {
  const members = roster(state)
  const { mls, generationSecret } = state[INNER]
  const tree = treeBytes(mls.ratchetTree)
  const length = new Uint8Array(LENGTH)
  new DataView(length.buffer).setUint32(0, tree.length)
  return concatBytes(
    Uint8Array.of(TREE_FIRST),
    hexToBytes(state.epochId),
    generationSecret,
    Uint8Array.of(members.length >> 8, members.length & 0xff),
    ...members.map((member) => hexToBytes(member.account)),
    length,
    tree,
    encodeGroupStateWithoutTree(mls),
  )
}

/** Total: bytes that are no state are `malformed`. */
export function decodeState(bytes: Uint8Array): GroupResult<EpochState> {
  if (bytes.length > MAX_STATE) return refuse('too-large')
  const [version = 0] = bytes
  if (bytes.length < HEAD || (version !== WHOLE && version !== TREE_FIRST)) return refuse('malformed')
  const count = ((bytes[HEAD - 2] ?? 0) << 8) | (bytes[HEAD - 1] ?? 0)
  const start = HEAD + count * ID
  if (count > MAX_DEVICES || bytes.length < start) return refuse('malformed')
  // A copy: the library keeps views into what it decodes.
  const rest = bytes.slice(start)
  const mls = attempt(() =>
    version === WHOLE ? wholeOf(decodeGroupStateWithWholeSecretTree, rest) : decodeTreeFirst(rest),
  )
  const accounts = Array.from({ length: count }, (_, i) => hexAt(bytes, HEAD + i * ID) as AccountId)
  return stateFrom({ epochId: hexAt(bytes, 1), generationSecret: bytes.slice(1 + ID, 1 + 2 * ID), mls, accounts })
}

/** A state from what was stored of it, if that fits together. `accounts` are in the order of the leaves. */
export function stateFrom(parts: {
  epochId: string
  generationSecret: Uint8Array
  mls: GroupState | undefined
  accounts: readonly AccountId[]
}): GroupResult<EpochState> {
  const { mls, generationSecret } = parts
  const members = mls !== undefined && isSettled(mls) ? namedBy(mls, parts.accounts) : undefined
  if (mls === undefined || members === undefined) return refuse('malformed')
  return ok(stateOf(parts.epochId as EpochId, { mls, members, generationSecret }))
}

/** What the library makes of our own bytes, or nothing where it throws. */
export function attempt<T>(run: () => T | undefined): T | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}

/** What the bytes hold, if they hold nothing else. */
export function wholeOf<T>(decode: Decoder<T>, bytes: Uint8Array): T | undefined {
  const decoded = decode(bytes, 0)
  return decoded?.[1] === bytes.length ? decoded[0] : undefined
}

const encodedTrees = new WeakMap<RatchetTree, Uint8Array>()

/** Encoded once for all states of an epoch: each message makes one. */
function treeBytes(tree: RatchetTree): Uint8Array {
  const known = encodedTrees.get(tree) ?? encodeRatchetTree(tree)
  encodedTrees.set(tree, known)
  return known
}

function decodeTreeFirst(bytes: Uint8Array): GroupState | undefined {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  const encoded = bytes.subarray(LENGTH, LENGTH + length)
  const tree = wholeOf(decodeRatchetTree, encoded)
  if (tree === undefined || encoded.length < length) return undefined
  encodedTrees.set(tree, encoded)
  return wholeOf(decodeGroupStateWithoutTree(tree), bytes.subarray(LENGTH + length))
}

function isSettled(mls: GroupState): boolean {
  const { cipherSuite, groupId } = mls.groupContext
  const isQuiet = mls.historicalReceiverData.size === 0 && Object.keys(mls.unappliedProposals).length === 0
  const own = mls.ratchetTree[2 * mls.privatePath.leafIndex]
  const fits = own?.nodeType === 'leaf' && 2 * mls.secretTree.leafWidth - 1 === mls.ratchetTree.length
  return isQuiet && fits && cipherSuite === SUITE_NAME && groupId.length === ID
}

function namedBy(mls: GroupState, accounts: readonly AccountId[]): readonly Member[] | undefined {
  let next = 0
  const members = membersOf(mls.ratchetTree, (leaf) => {
    const account = accounts[next++]
    return account && { account, device: bytesToHex(leaf.signaturePublicKey) as DeviceId }
  })
  return next === accounts.length ? members : undefined
}

function hexAt(bytes: Uint8Array, at: number): string {
  return bytesToHex(bytes.subarray(at, at + ID))
}
