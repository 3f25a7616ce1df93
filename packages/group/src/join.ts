import { ok, refuse } from '@sotto/interface'
import { joinGroupWithExtensions, type ClientState } from 'ts-mls/clientState.js'
import type { Extension } from 'ts-mls/extension.js'
import { emptyPskIndex } from 'ts-mls/pskIndex.js'
import { SUITE, type GroupEngine } from './engine.ts'
import { decodeKeyPackage, decodePrivate, type OwnLeaf } from './key-package.ts'
import { libraryConfig } from './library-config.ts'
import { MAX_WELCOME } from './limits.ts'
import { checkIdentities, type Verify } from './members.ts'
import { decodeMessage } from './message-codec.ts'
import type { GroupResult } from './reasons.ts'
import { refusalOf } from './refusal.ts'
import { newEpoch, type EpochState } from './state.ts'
import { holdsItsKeys, isGoodTree } from './tree-check.ts'
import { generationIn } from './welcome-data.ts'

const CONVERSATION = 32

/**
 * Joins a conversation by a Welcome for one of our key packages (see `welcomeRefs`). Every leaf of the tree is shown
 * to `verify`. The key package's private half stays usable: two inviters may have taken the same one.
 */
export async function join(
  engine: GroupEngine,
  init: {
    welcome: Uint8Array
    keyPackage: { readonly public: Uint8Array; readonly private: Uint8Array }
    self: OwnLeaf
    verify: Verify
    /** The epoch that it opens is known to open a generation: nothing that the Welcome says of another one is believed. */
    opensGeneration?: true
  },
): Promise<GroupResult<EpochState>> {
  const message = decodeMessage('mls_welcome', init.welcome, MAX_WELCOME)
  if (!message.ok) return message
  const keyPackage = decodeKeyPackage(init.keyPackage.public)
  if (!keyPackage.ok) return refuse('bad-key-package')
  const keys = decodePrivate(init.keyPackage.private, init.self)
  const checked = checkIdentities(init.verify)
  const { welcome } = message.value
  const config = libraryConfig(checked.service)
  let joined: [ClientState, Extension[]]
  try {
    joined = await joinGroupWithExtensions(
      welcome,
      keyPackage.value,
      keys,
      emptyPskIndex,
      engine[SUITE],
      undefined,
      undefined,
      config,
    )
  } catch (thrown) {
    return refusalOf(thrown, checked.refused() ? 'bad-credential' : 'bad-tree')
  }
  const [{ clientConfig: _, ...mls }, extensions] = joined
  const generation = generationIn(extensions)
  if (init.opensGeneration === true && generation.ok && generation.value !== undefined)
    return refuse('wrong-generation')
  const members = checked.members(mls.ratchetTree)
  if (members === undefined) return refuse('bad-credential')
  const { groupId, extensions: contextExtensions } = mls.groupContext
  if (!generation.ok || groupId.length !== CONVERSATION || contextExtensions.length > 0) return refuse('bad-tree')
  if (!isGoodTree(mls.ratchetTree) || !(await holdsItsKeys(engine, mls))) return refuse('bad-tree')
  return ok(await newEpoch(engine, mls, members, generation.value))
}
