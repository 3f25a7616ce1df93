import { concatBytes } from '@noble/hashes/utils.js'
import { ok, refuse } from '@sotto/interface'
import { decryptSenderData } from 'ts-mls/privateMessage.js'
import { keepKeysOnly, ratchetToGeneration } from 'ts-mls/secretTree.js'
import type { ReuseGuard, SenderData } from 'ts-mls/sender.js'
import { SUITE, type GroupEngine } from './engine.ts'
import { FORWARD_STEPS, MAX_PLAINTEXT, MESSAGE_OVERHEAD, SKIPPED_KEYS } from './limits.ts'
import { privateMessageFor } from './private-message.ts'
import type { GroupResult } from './reasons.ts'
import { refusalOf } from './refusal.ts'
import { INNER, movedOn, withConfig, type EpochState } from './state.ts'

const NO_GUARD = new Uint8Array(4) as ReuseGuard

/**
 * Turns the ratchet of whoever a message says it is by, 1,000 steps towards it: for one that `open` has found `too-far`. That nobody has shown yet
 * who it is by, so the answer is good for nothing but to `open` the message with it (or to turn on), and is not to be stored otherwise. More than
 * 5,000 steps stay `too-far`: they would drop keys of messages before.
 */
export async function turnTowards(
  engine: GroupEngine,
  state: EpochState,
  message: Uint8Array,
): Promise<GroupResult<EpochState>> {
  const found = privateMessageFor(state, message, 'application', MAX_PLAINTEXT + MESSAGE_OVERHEAD)
  if (!found.ok) return found
  const { mls } = state[INNER]
  const suite = engine[SUITE]
  try {
    const sender = await decryptSenderData(found.value, mls.keySchedule.senderDataSecret, suite)
    if (sender === undefined || mls.ratchetTree[2 * sender.leafIndex]?.nodeType !== 'leaf')
      return refuse('undecryptable')
    const { leafIndex } = sender
    const generation = stepFor(state, sender)
    if (generation === undefined) return refuse('too-far')
    const { keyRetentionConfig } = withConfig(state).clientConfig
    const at = { leafIndex, generation, reuseGuard: NO_GUARD }
    const turned = await ratchetToGeneration(mls.secretTree, at, 'application', keyRetentionConfig, suite)
    const tree = await keepKeysOnly(turned.newTree, leafIndex, 'application', suite)
    // The key at which it stopped is one of those that are skipped.
    const node = tree.leaves[2 * leafIndex]
    if (node === undefined) return refuse('undecryptable')
    const unusedGenerations = {
      ...node.application.unusedGenerations,
      [generation]: concatBytes(turned.key, turned.nonce),
    }
    const leaves = {
      ...tree.leaves,
      [2 * leafIndex]: { ...node, application: { ...node.application, unusedGenerations } },
    }
    return ok(movedOn(state, { ...mls, secretTree: { ...tree, leaves } }))
  } catch (thrown) {
    return refusalOf(thrown, 'undecryptable')
  }
}

/** The generation to which the ratchet is turned; undefined when the message is farther than may be turned at all. */
function stepFor(state: EpochState, { leafIndex, generation }: SenderData): number | undefined {
  const ratchet = state[INNER].mls.secretTree.leaves[2 * leafIndex]?.application
  const { generation: now, unusedGenerations } = ratchet ?? { generation: 0, unusedGenerations: {} }
  const kept = Object.keys(unusedGenerations).length
  if (generation - now + kept > SKIPPED_KEYS) return undefined
  return Math.min(generation, now + FORWARD_STEPS)
}
