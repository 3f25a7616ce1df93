import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import type { AccountId, TreeNodeId } from '@sotto/interface'
import { decodeNode, encodeNode, type Node, type RatchetTree } from 'ts-mls/ratchetTree.js'
import { left, leafWidth, right, root, type NodeIndex } from 'ts-mls/treemath.js'

// A ratchet tree as records of its subtrees, each named by its hash: trees of following epochs share all but the changed path.

/** A subtree: `bytes` hold its top node and name the two below it. */
export interface TreeNode {
  /** SHA-256 of the bytes. */
  readonly id: TreeNodeId
  readonly bytes: Uint8Array
}

/** The parts of a tree that a store keeps apart, and the accounts of its leaves. */
export interface TreeParts {
  readonly tree: RatchetTree
  /** By leaf index; as many as there are leaves. */
  readonly accounts: ReadonlyMap<number, AccountId>
}

const ID = 32
/** A subtree in which there is nothing. It has no record. */
const NOTHING = '00'.repeat(ID) as TreeNodeId
/** A parent that is blank, one that is not, a leaf. Then: ids of both children, or the account; then the node as in RFC 9420. */
const [BLANK, PARENT, LEAF] = [0, 1, 2]

/** Records by the node that they were made from: a node never changes, and its children seldom do. */
const known = new WeakMap<Node, TreeNode>()

/** The records of a tree, each once, and the id of the whole. */
export function nodesOf(parts: TreeParts): TreeNodes {
  const before = collected.get(parts.tree)
  if (before !== undefined) return before
  const nodes = new Map<TreeNodeId, TreeNode>()
  const top = collect(parts, root(leafWidth(parts.tree.length)), nodes)
  const all = { root: top, nodes: [...nodes.values()] }
  collected.set(parts.tree, all)
  return all
}

interface TreeNodes {
  readonly root: TreeNodeId
  readonly nodes: readonly TreeNode[]
}

/** Each message makes another state with the same tree. */
const collected = new WeakMap<RatchetTree, TreeNodes>()

function collect(parts: TreeParts, at: NodeIndex, into: Map<TreeNodeId, TreeNode>): TreeNodeId {
  const node = parts.tree[at]
  const below = at % 2 === 0 ? undefined : [collect(parts, left(at), into), collect(parts, right(at), into)]
  if (node === undefined && (below ?? []).every((id) => id === NOTHING)) return NOTHING
  const head = below?.join('') ?? parts.accounts.get(at / 2) ?? NOTHING
  const record = recordOf(node, hexToBytes(head))
  into.set(record.id, record)
  return record.id
}

function recordOf(node: Node | undefined, head: Uint8Array): TreeNode {
  const before = node && known.get(node)
  if (before !== undefined && startsWith(before.bytes.subarray(1), head)) return before
  const kind = node === undefined ? BLANK : node.nodeType === 'leaf' ? LEAF : PARENT
  const bytes = concatBytes(Uint8Array.of(kind), head, node === undefined ? new Uint8Array() : encodeNode(node))
  const record = { id: bytesToHex(sha256(bytes)) as TreeNodeId, bytes }
  if (node !== undefined) known.set(node, record)
  return record
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.every((byte, at) => bytes[at] === byte)
}

/** Puts the tree of that width together again. `undefined` when a record is missing or is none. May throw what the library throws. */
export function treeFrom(
  top: TreeNodeId,
  width: number,
  get: (id: TreeNodeId) => Uint8Array | undefined,
): TreeParts | undefined {
  const tree: RatchetTree = Array.from({ length: 2 * width - 1 }, () => undefined)
  const accounts = new Map<number, AccountId>()
  const place = (id: TreeNodeId, at: NodeIndex): boolean => {
    if (id === NOTHING) return true
    const bytes = get(id)
    if (bytes === undefined) return false
    const isLeaf = at % 2 === 0
    const [kind = -1] = bytes
    const start = 1 + (isLeaf ? ID : 2 * ID)
    if (bytes.length < start || (kind === LEAF) !== isLeaf || kind > LEAF) return false
    const node = kind === BLANK ? undefined : decodeWhole(bytes.slice(start))
    if (kind !== BLANK && (node === undefined || (node.nodeType === 'leaf') !== isLeaf)) return false
    if (kind === BLANK && bytes.length > start) return false
    tree[at] = node
    if (node !== undefined) known.set(node, { id, bytes })
    if (isLeaf) accounts.set(at / 2, bytesToHex(bytes.subarray(1, start)) as AccountId)
    return isLeaf || childrenOf(bytes).every((child, side) => place(child, side === 0 ? left(at) : right(at)))
  }
  return place(top, root(width)) ? { tree, accounts } : undefined
}

/** The ids that a record names. */
export function childrenOf(bytes: Uint8Array): readonly TreeNodeId[] {
  if (bytes[0] === LEAF || bytes.length < 1 + 2 * ID) return []
  return [1, 1 + ID].map((at) => bytesToHex(bytes.subarray(at, at + ID)) as TreeNodeId)
}

function decodeWhole(bytes: Uint8Array): Node | undefined {
  const decoded = decodeNode(bytes, 0)
  return decoded?.[1] === bytes.length ? decoded[0] : undefined
}
