import { bytesToHex } from '@noble/hashes/utils.js'
import type { AccountId, DeviceId, MaybePromise, Result } from '@sotto/interface'
import type { AuthenticationService } from 'ts-mls/authenticationService.js'
import type { LeafNode } from 'ts-mls/leafNode.js'
import type { RatchetTree } from 'ts-mls/ratchetTree.js'
import { MAX_CREDENTIAL } from './limits.ts'
import { equalBytes } from './provider/equal-bytes.ts'

/** Who a credential names. */
export interface Identity {
  readonly account: AccountId
  readonly device: DeviceId
}

/** One device in a conversation. `credential` is its encoded device chain. */
export interface Member extends Identity {
  readonly leafIndex: number
  readonly credential: Uint8Array
}

/**
 * The authentication service of RFC 9420 section 5.3.1: who a credential (an encoded device chain) names, if that is
 * the owner of `signatureKey`. Asked about every leaf of every tree that this device takes part in.
 */
export type Verify = (credential: Uint8Array, signatureKey: Uint8Array) => MaybePromise<Result<Identity>>

/** The authentication service in the library's form, with what it learnt. */
export interface Checked {
  readonly service: AuthenticationService
  /** Whether any credential was refused. */
  refused(): boolean
  members(tree: RatchetTree): readonly Member[] | undefined
}

type LeafKeys = Pick<LeafNode, 'credential' | 'signaturePublicKey'>

/** A tree whose leaves were all shown to `verify`, and what it said. */
export interface Known {
  readonly tree: RatchetTree
  readonly members: readonly Member[]
}

/** Asks `verify` about every leaf that is not in `known` with the same key and credential, and remembers the answers. */
export function checkIdentities(verify: Verify | undefined, known?: Known): Checked {
  const identities = new Identities(known?.members ?? [])
  let refused = false
  const validateCredential: AuthenticationService['validateCredential'] = async (credential, signatureKey) => {
    const identity = await identityOf(verify, identities, { credential, signaturePublicKey: signatureKey })
    if (identity === undefined) refused = true
    return identity !== undefined
  }
  return {
    service: { validateCredential },
    refused: () => refused,
    members: (tree) => membersOf(tree, (leaf) => identities.of(leaf), known),
  }
}

/** Who leaves belong to, by their key and credential. */
class Identities {
  readonly #known: readonly Member[]
  readonly #verified = new Map<string, Identity>()

  constructor(known: readonly Member[]) {
    this.#known = known
  }

  of(leaf: LeafKeys): Identity | undefined {
    const name = leafName(leaf)
    if (name === undefined || leaf.credential.credentialType !== 'basic') return undefined
    const { identity } = leaf.credential
    const device = bytesToHex(leaf.signaturePublicKey)
    const known = this.#known.find((member) => member.device === device && equalBytes(member.credential, identity))
    return known ?? this.#verified.get(name)
  }

  add(name: string, identity: Identity): void {
    this.#verified.set(name, identity)
  }
}

async function identityOf(
  verify: Verify | undefined,
  identities: Identities,
  leaf: LeafKeys,
): Promise<Identity | undefined> {
  const name = leafName(leaf)
  if (name === undefined || leaf.credential.credentialType !== 'basic') return undefined
  const before = identities.of(leaf)
  if (before !== undefined || verify === undefined) return before
  const answer = await verify(leaf.credential.identity, leaf.signaturePublicKey)
  if (!answer.ok || answer.value.device !== bytesToHex(leaf.signaturePublicKey)) return undefined
  identities.add(name, answer.value)
  return answer.value
}

function leafName(leaf: LeafKeys): string | undefined {
  if (leaf.credential.credentialType !== 'basic') return undefined
  if (leaf.credential.identity.length > MAX_CREDENTIAL) return undefined
  return `${bytesToHex(leaf.signaturePublicKey)}:${bytesToHex(leaf.credential.identity)}`
}

/**
 * The members of a tree by leaf index, or `undefined` when `identify` does not know one of them. It is not asked about leaves
 * that stand in `known` as they are.
 */
export function membersOf(
  tree: RatchetTree,
  identify: (leaf: LeafNode) => Identity | undefined,
  known: Known = { tree: [], members: [] },
): readonly Member[] | undefined {
  const members: Member[] = []
  const before = new Map(known.members.map((member) => [2 * member.leafIndex, member]))
  for (const [index, node] of tree.entries()) {
    if (node?.nodeType !== 'leaf') continue
    const same = node === known.tree[index] ? before.get(index) : undefined
    if (same !== undefined) {
      members.push(same)
      continue
    }
    const identity = identify(node.leaf)
    if (identity === undefined || node.leaf.credential.credentialType !== 'basic') return undefined
    const { account, device } = identity
    members.push({ account, device, leafIndex: index / 2, credential: node.leaf.credential.identity })
  }
  return members
}
