import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import { ok, refuse, type AccountId, type DeviceId, type EpochId } from '@sotto/interface'
import { decodeGroupState, encodeGroupState, type GroupState } from 'ts-mls/clientState.js'
import { MAX_DEVICES, MAX_STATE } from './limits.ts'
import { membersOf, type Member } from './members.ts'
import { SUITE_NAME } from './provider/suite.ts'
import type { GroupResult } from './reasons.ts'
import { INNER, roster, stateOf, type EpochState } from './state.ts'

const VERSION = 1
const ID = 32
/** version(1) ‖ epoch id(32) ‖ generation secret(32) ‖ number of members(u16) */
const HEAD = 1 + ID + ID + 2

/** The bytes of a state, secrets included: for the encrypted store, never for the network or a backup. */
export function encodeState(state: EpochState): Uint8Array {
  const members = roster(state)
  return concatBytes(
    Uint8Array.of(VERSION),
    hexToBytes(state.epochId),
    state[INNER].generationSecret,
    Uint8Array.of(members.length >> 8, members.length & 0xff),
    ...members.map((member) => hexToBytes(member.account)),
    encodeGroupState(state[INNER].mls),
  )
}

/** Total: bytes that are no state are `malformed`. The accounts are in the order of the leaves. */
export function decodeState(bytes: Uint8Array): GroupResult<EpochState> {
  if (bytes.length > MAX_STATE) return refuse('too-large')
  if (bytes.length < HEAD || bytes[0] !== VERSION) return refuse('malformed')
  const count = ((bytes[HEAD - 2] ?? 0) << 8) | (bytes[HEAD - 1] ?? 0)
  const start = HEAD + count * ID
  if (count > MAX_DEVICES || bytes.length < start) return refuse('malformed')
  const mls = decodeLibraryState(bytes.slice(start))
  if (mls === undefined) return refuse('malformed')
  const accounts = Array.from({ length: count }, (_, i) => hexAt(bytes, HEAD + i * ID) as AccountId)
  const members = namedBy(mls, accounts)
  if (members === undefined) return refuse('malformed')
  const generationSecret = bytes.slice(1 + ID, 1 + 2 * ID)
  return ok(stateOf(hexAt(bytes, 1) as EpochId, { mls, members, generationSecret }))
}

function decodeLibraryState(bytes: Uint8Array): GroupState | undefined {
  try {
    const decoded = decodeGroupState(bytes, 0)
    if (decoded === undefined || decoded[1] !== bytes.length) return undefined
    const [mls] = decoded
    const { cipherSuite, groupId } = mls.groupContext
    const settled = mls.historicalReceiverData.size === 0 && Object.keys(mls.unappliedProposals).length === 0
    const own = mls.ratchetTree[2 * mls.privatePath.leafIndex]
    const whole = settled && own?.nodeType === 'leaf' && mls.secretTree.length === mls.ratchetTree.length
    return whole && cipherSuite === SUITE_NAME && groupId.length === ID ? mls : undefined
  } catch {
    return undefined
  }
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
