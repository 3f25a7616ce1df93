import type { ConversationId, Crypto, DeviceId, Hello, Random } from '@sotto/interface'
import type { HelloClaim } from '@sotto/wire'
import { decodeHelloInit, decodeHelloReply, encodeHelloInit, encodeHelloReply } from '@sotto/wire'
import { equals } from 'uint8arrays'
import type { GenerationContext } from '../mail/mailboxes.ts'
import type { HelloPeers } from './hello-proof.ts'
import { checkHelloProof, helloTag, openHelloProof, sealHelloProof } from './hello-proof.ts'

/** What hello needs to know of a conversation; asked anew each time, so that it is never stale. */
export interface HelloConversation {
  readonly conversation: ConversationId
  /** Kept generations, newest first. */
  readonly generations: readonly GenerationContext[]
  /** The other account's devices in the tip's roster, or none while nobody may connect. */
  readonly devices: ReadonlySet<DeviceId>
}

export interface HelloInit {
  readonly crypto: Crypto
  readonly random: Random
  readonly self: { readonly device: DeviceId; readonly seed: Uint8Array }
  conversations(): readonly HelloConversation[]
  /** Called with each device that has proved itself on a connection. */
  onProved(conversation: ConversationId, peer: string, device: DeviceId): void
}

const MAX_CLAIMS = 16
/** Hellos that we have begun and that may still be answered. */
const MAX_DIALS = 64

/** `/sotto/hello/1` above the transport (DESIGN section 7): who is on the other end, told to members only. */
export function createHello(init: HelloInit): Hello {
  const dials = new Map<string, Uint8Array>()
  const find = (context: string): HelloConversation | undefined =>
    init.conversations().find((entry) => entry.conversation === context)

  return {
    async dial(context, peers) {
      const generations = find(context)?.generations.slice(0, MAX_CLAIMS) ?? []
      const nonce = init.random.bytes(32)
      for (const oldest of dials.keys()) if (dials.size >= MAX_DIALS) dials.delete(oldest)
      dials.set(dialName(context, peers), nonce)
      const claims = await Promise.all(
        generations.map(async (generation) => ({
          tag: helloTag(generation, 'dialler', peers),
          sealed: await sealHelloProof(
            init,
            { ...init.self, nonce },
            { generation, role: 'dialler', peers, nonces: [nonce] },
          ),
        })),
      )
      return encodeHelloInit({ claims })
    },

    async accept(bytes, peers) {
      const frame = decodeHelloInit(bytes)
      if (!frame.ok) return undefined
      for (const entry of init.conversations()) {
        const proved = await findClaim(init.crypto, entry, frame.value.claims, peers)
        if (proved === undefined) continue
        const nonce = init.random.bytes(32)
        const at = { generation: proved.generation, role: 'listener', peers, nonces: [proved.nonce, nonce] } as const
        const sealed = await sealHelloProof(init, { ...init.self, nonce }, at)
        init.onProved(entry.conversation, peers.dialler, proved.device)
        const tag = helloTag(proved.generation, 'listener', peers)
        return { context: entry.conversation, reply: encodeHelloReply({ tag, sealed }) }
      }
      return undefined
    },

    async confirm(context, bytes, peers) {
      const name = dialName(context, peers)
      const nonce = dials.get(name)
      dials.delete(name)
      const entry = find(context)
      const frame = decodeHelloReply(bytes)
      if (nonce === undefined || entry === undefined || !frame.ok) return false
      for (const generation of entry.generations) {
        if (!equals(helloTag(generation, 'listener', peers), frame.value.tag)) continue
        const proof = openHelloProof(generation, frame.value.sealed)
        if (proof === undefined || !entry.devices.has(proof.device)) return false
        const at = { generation, role: 'listener', peers, nonces: [nonce, proof.nonce] } as const
        if (!(await checkHelloProof(init.crypto, proof, at))) return false
        init.onProved(entry.conversation, peers.listener, proof.device)
        return true
      }
      return false
    },
  }
}

function dialName(context: string, peers: HelloPeers): string {
  return `${context} ${peers.dialler} ${peers.listener}`
}

/** The first claim that proves a device of this conversation. Tags first: a stranger costs one HMAC per kept generation. */
async function findClaim(
  crypto: Crypto,
  entry: HelloConversation,
  claims: readonly HelloClaim[],
  peers: HelloPeers,
): Promise<{ generation: GenerationContext; device: DeviceId; nonce: Uint8Array } | undefined> {
  for (const generation of entry.generations) {
    const tag = helloTag(generation, 'dialler', peers)
    const claim = claims.find((candidate) => equals(candidate.tag, tag))
    if (claim === undefined) continue
    const proof = openHelloProof(generation, claim.sealed)
    if (proof === undefined || !entry.devices.has(proof.device)) continue
    const at = { generation, role: 'dialler', peers, nonces: [proof.nonce] } as const
    if (await checkHelloProof(crypto, proof, at)) return { generation, device: proof.device, nonce: proof.nonce }
  }
  return undefined
}
