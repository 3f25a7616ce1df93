import { bytesToHex } from '@noble/hashes/utils.js'
import { ok, refuse, type ConversationId } from '@sotto/interface'
import type { OwnKeyPackage } from '../key-package.ts'
import type { Verify } from '../members.ts'
import type { GroupResult } from '../reasons.ts'
import { bytesIn, unwrap, wrap } from './codec.ts'
import { decodeKeyPackage, lockOf, refOf, type KeyPackage } from './key-package.ts'
import { decodeMembers, encodeMembers, stateOf, type SymbolicState } from './state.ts'

const NO_SECRET = new Uint8Array()

/** Brings newcomers into an epoch. Nothing is encrypted: `join` looks that the one who asks holds the key. */
export function encodeWelcome(child: SymbolicState, packages: readonly KeyPackage[]): Uint8Array {
  return wrap('welcome', NO_SECRET, {
    conversation: child.conversation,
    epoch: String(child.epoch),
    secret: bytesToHex(child.secret),
    generation: bytesToHex(child.generationSecret),
    members: encodeMembers(child.members),
    for: packages.map(({ ref, lock }) => [ref, lock]),
  })
}

export function welcomeRefs(welcome: Uint8Array): GroupResult<readonly string[]> {
  const refs = locksIn(welcome)
  return refs === undefined ? refuse('not-a-message') : ok([...refs.keys()])
}

export async function join(init: {
  welcome: Uint8Array
  keyPackage: Pick<OwnKeyPackage, 'public' | 'private'>
  verify: Verify
}): Promise<GroupResult<SymbolicState>> {
  const found = unwrap('welcome', init.welcome)
  if (found === undefined) return refuse('not-a-message')
  const own = decodeKeyPackage(init.keyPackage.public)
  if (!own.ok) return refuse('bad-key-package')
  const lock = locksIn(init.welcome)?.get(refOf(init.keyPackage.public))
  if (lock === undefined || lock !== lockOf(init.keyPackage.private)) return refuse('wrong-key-package')
  const { conversation, epoch, secret, generation, members } = found.content
  const [key, generationSecret, list] = [bytesIn(secret), bytesIn(generation), decodeMembers(members)]
  if (!found.isWhole(NO_SECRET) || key === undefined || generationSecret === undefined || list === undefined)
    return refuse('bad-tree')
  for (const member of list) {
    const identity = await init.verify(member.credential, bytesIn(member.device) ?? new Uint8Array())
    if (!identity.ok || identity.value.account !== member.account) return refuse('bad-credential')
  }
  const self = list.find(({ device }) => device === bytesToHex(own.value.device))?.leafIndex
  if (self === undefined) return refuse('bad-tree')
  return ok(
    stateOf({
      conversation: conversation as ConversationId,
      epoch: BigInt(epoch as string),
      secret: key,
      generationSecret,
      members: list,
      self,
    }),
  )
}

function locksIn(welcome: Uint8Array): ReadonlyMap<string, string> | undefined {
  const list = unwrap('welcome', welcome)?.content['for']
  if (!Array.isArray(list)) return undefined
  return new Map(list as readonly (readonly [string, string])[])
}
