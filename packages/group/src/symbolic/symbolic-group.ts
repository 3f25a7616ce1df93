import { bytesToHex, concatBytes } from '@noble/hashes/utils.js'
import { ok, refuse, type ConversationId, type Crypto, type Random } from '@sotto/interface'
import { generationFrom } from '../generation.ts'
import { commit, processCommit } from './commits.ts'
import type { Group } from './group.ts'
import { createKeyPackage } from './key-package.ts'
import { open, seal } from './messages.ts'
import { decodeState, encodeState, generationOfEpoch, stateOf, type SymbolicState } from './state.ts'
import { join, welcomeRefs } from './welcome.ts'

/**
 * A group without cryptography: the same epochs, leaves, refusals and steps, some hundred times faster, for simulations. It keeps its promises
 * among those who use this interface only, since all its bytes can be read by anybody.
 */
export function symbolicGroup(parts: { crypto: Crypto; random: Random }): Group<SymbolicState> {
  const { crypto, random } = parts
  return {
    createKeyPackage: (init) => createKeyPackage(parts, init),
    found: async ({ conversation, self, verify }) => {
      const device = await crypto.ed25519.publicKey(self.deviceSeed)
      const identity = await verify(self.credential, device)
      if (!identity.ok || identity.value.device !== bytesToHex(device)) return refuse('bad-credential')
      const secret = concatBytes(random.bytes(32))
      const member = { ...identity.value, leafIndex: 0, credential: self.credential }
      return ok(
        stateOf({
          conversation: bytesToHex(conversation) as ConversationId,
          epoch: 0n,
          secret,
          generationSecret: generationOfEpoch(secret),
          members: [member],
          self: 0,
        }),
      )
    },
    commit: (state, change, options) => commit(random, state, change, options),
    processCommit,
    join,
    welcomeRefs,
    seal,
    open,
    roster: ({ members }) => members,
    generationOf: async ({ generationSecret }) => generationFrom(generationSecret),
    encodeState,
    decodeState,
  }
}
