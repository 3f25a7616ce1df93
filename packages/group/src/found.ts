import { refuse } from '@sotto/interface'
import { createGroup } from 'ts-mls/clientState.js'
import { commit } from './commit.ts'
import { SUITE, type GroupEngine } from './engine.ts'
import { generate, type OwnLeaf } from './key-package.ts'
import { libraryConfig } from './library-config.ts'
import { checkIdentities, type Verify } from './members.ts'
import type { GroupResult } from './reasons.ts'
import { newEpoch, type EpochState } from './state.ts'

/** The founder's own leaf has no key package behind it, so its lifetime says nothing. */
const FOREVER = { notBefore: 0, notAfter: 0xffff_ffff_ffff }

/**
 * Founds a conversation with this device alone in it, at epoch 0, which opens the first generation.
 * `conversation` is 32 random bytes. Refuses with `bad-credential` when `verify` does not know our own leaf.
 */
export async function found(
  engine: GroupEngine,
  init: { conversation: Uint8Array; self: OwnLeaf; verify: Verify },
): Promise<GroupResult<EpochState>> {
  const { publicPackage, privatePackage } = await generate(engine, { self: init.self, ...FOREVER })
  const checked = checkIdentities(init.verify)
  const { credential, signaturePublicKey } = publicPackage.leafNode
  if (!(await checked.service.validateCredential(credential, signaturePublicKey))) return refuse('bad-credential')
  const { clientConfig: _, ...mls } = await createGroup(
    Uint8Array.from(init.conversation),
    publicPackage,
    privatePackage,
    [],
    engine[SUITE],
    libraryConfig(),
  )
  const members = checked.members(mls.ratchetTree)
  return members === undefined ? refuse('bad-credential') : { ok: true, value: await newEpoch(engine, mls, members) }
}

/**
 * Founds a conversation between two devices: this one alone, then a commit that adds the peer. The result's `child` is
 * epoch 1 and opens a generation; `welcome` brings the ratchet tree.
 */
export async function foundPair(
  engine: GroupEngine,
  init: { conversation: Uint8Array; self: OwnLeaf; peerKeyPackage: Uint8Array; verify: Verify; now?: number },
): Promise<GroupResult<{ state: EpochState; commit: Uint8Array; welcome: Uint8Array }>> {
  const founded = await found(engine, init)
  if (!founded.ok) return founded
  const { verify, now } = init
  const change = { add: [init.peerKeyPackage], verify, ...(now === undefined ? {} : { now }) }
  const added = await commit(engine, founded.value, change, { opensGeneration: true })
  if (!added.ok) return added
  const { child: state, commit: bytes, welcome } = added.value
  return welcome === undefined ? refuse('bad-commit') : { ok: true, value: { state, commit: bytes, welcome } }
}
