import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import { refuse, type AccountId, type TreeNodeId } from '@sotto/interface'
import { decodeGroupStateWithoutTree, encodeGroupStateWithoutTree } from 'ts-mls/clientState.js'
import { MAX_DEVICES, MAX_STATE } from './limits.ts'
import type { GroupResult } from './reasons.ts'
import { attempt, stateFrom, wholeOf } from './state-codec.ts'
import { INNER, roster, type EpochState } from './state.ts'
import { childrenOf, nodesOf, treeFrom, type TreeNode } from './tree-nodes.ts'

/** A state whose tree is kept apart, as nodes that epochs share. */
const APART = 3
const ID = 32
/** version(1) ‖ epoch id(32) ‖ generation secret(32) ‖ id of the tree(32) ‖ its width in leaves(u16) */
const HEAD = 1 + 3 * ID + 2

/** A state as a store keeps it: `head` changes with each message, `nodes` only with a commit, and then few of them. */
export interface StateApart {
  /** Secrets included, as of `encodeState`. */
  readonly head: Uint8Array
  /** All nodes of the tree: public keys and credentials. Epochs of a conversation share most. */
  readonly nodes: readonly TreeNode[]
}

/** The bytes of a state in two parts. Store both in one transaction. */
export function encodeStateApart(state: EpochState): StateApart {
  const { mls, generationSecret } = state[INNER]
  const accounts = new Map<number, AccountId>(roster(state).map((member) => [member.leafIndex, member.account]))
  const { root, nodes } = nodesOf({ tree: mls.ratchetTree, accounts })
  const { leafWidth } = mls.secretTree
  const head = concatBytes(
    Uint8Array.of(APART),
    hexToBytes(state.epochId),
    generationSecret,
    hexToBytes(root),
    Uint8Array.of(leafWidth >> 8, leafWidth & 0xff),
    encodeGroupStateWithoutTree(mls),
  )
  return { head, nodes }
}

/** Whether these are the bytes of a head, and not of a state with its tree. */
export function isStateApart(bytes: Uint8Array): boolean {
  return bytes[0] === APART && bytes.length >= HEAD
}

/** Total: a head that is none, or of whose nodes one is missing or broken, is `malformed`. */
export function decodeStateApart(
  head: Uint8Array,
  node: (id: TreeNodeId) => Uint8Array | undefined,
): GroupResult<EpochState> {
  if (head.length > MAX_STATE) return refuse('too-large')
  const width = ((head[HEAD - 2] ?? 0) << 8) | (head[HEAD - 1] ?? 0)
  const isWidth = width > 0 && width <= MAX_DEVICES && (width & (width - 1)) === 0
  if (!isStateApart(head) || !isWidth) return refuse('malformed')
  const parts = attempt(() => treeFrom(rootOf(head), width, node))
  if (parts === undefined) return refuse('malformed')
  const mls = attempt(() => wholeOf(decodeGroupStateWithoutTree(parts.tree), head.slice(HEAD)))
  const accounts = [...parts.accounts].sort(([a], [b]) => a - b).map(([, account]) => account)
  const generationSecret = head.slice(1 + ID, 1 + 2 * ID)
  return stateFrom({ epochId: bytesToHex(head.subarray(1, 1 + ID)), generationSecret, mls, accounts })
}

/** The ids of the nodes that these heads need: of what else is stored, nothing is needed any more. */
export function nodesNeeded(
  heads: readonly Uint8Array[],
  node: (id: TreeNodeId) => Uint8Array | undefined,
): ReadonlySet<TreeNodeId> {
  const needed = new Set<TreeNodeId>()
  const waiting = heads.filter(isStateApart).map(rootOf)
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const bytes = needed.has(id) ? undefined : node(id)
    if (bytes === undefined) continue
    needed.add(id)
    waiting.push(...childrenOf(bytes))
  }
  return needed
}

function rootOf(head: Uint8Array): TreeNodeId {
  return bytesToHex(head.subarray(1 + 2 * ID, 1 + 3 * ID)) as TreeNodeId
}
