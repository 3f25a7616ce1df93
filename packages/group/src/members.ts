import { bytesToHex } from '@noble/hashes/utils.js'
import type { AccountId, DeviceId, MaybePromise, Result } from '@sotto/interface'
import type { AuthenticationService } from 'ts-mls/authenticationService.js'
import type { LeafNode } from 'ts-mls/leafNode.js'
import type { RatchetTree } from 'ts-mls/ratchetTree.js'
import { MAX_CREDENTIAL } from './limits.ts'

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

/** Asks `verify` about every leaf that is not among `known`, and remembers the answers. */
export function checkIdentities(verify: Verify | undefined, known: readonly Member[] = []): Checked {
  const identities = new Map<string, Identity>(known.map((m) => [nameOf(m.device, m.credential), m]))
  let refused = false
  const validateCredential: AuthenticationService['validateCredential'] = async (credential, signatureKey) => {
    const identity = await identityOf(verify, identities, { credential, signaturePublicKey: signatureKey })
    if (identity === undefined) refused = true
    return identity !== undefined
  }
  return {
    service: { validateCredential },
    refused: () => refused,
    members: (tree) => membersOf(tree, (leaf) => identities.get(leafName(leaf) ?? '')),
  }
}

async function identityOf(
  verify: Verify | undefined,
  identities: Map<string, Identity>,
  leaf: LeafKeys,
): Promise<Identity | undefined> {
  const name = leafName(leaf)
  if (name === undefined || leaf.credential.credentialType !== 'basic') return undefined
  const before = identities.get(name)
  if (before !== undefined || verify === undefined) return before
  const answer = await verify(leaf.credential.identity, leaf.signaturePublicKey)
  if (!answer.ok || answer.value.device !== bytesToHex(leaf.signaturePublicKey)) return undefined
  identities.set(name, answer.value)
  return answer.value
}

function leafName(leaf: LeafKeys): string | undefined {
  if (leaf.credential.credentialType !== 'basic') return undefined
  if (leaf.credential.identity.length > MAX_CREDENTIAL) return undefined
  return nameOf(bytesToHex(leaf.signaturePublicKey), leaf.credential.identity)
}

function nameOf(device: string, credential: Uint8Array): string {
  return `${device}:${bytesToHex(credential)}`
}

/** The members of a tree by leaf index, or `undefined` when `identify` does not know one of them. */
export function membersOf(
  tree: RatchetTree,
  identify: (leaf: LeafNode) => Identity | undefined,
): readonly Member[] | undefined {
  const members: Member[] = []
  for (const [index, node] of tree.entries()) {
    if (node?.nodeType !== 'leaf') continue
    const identity = identify(node.leaf)
    if (identity === undefined || node.leaf.credential.credentialType !== 'basic') return undefined
    const { account, device } = identity
    members.push({ account, device, leafIndex: index / 2, credential: node.leaf.credential.identity })
  }
  return members
}
