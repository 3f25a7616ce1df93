import type { GenerationKeys } from '@sotto/group'
import { mailboxKeys } from '@sotto/group'
import type {
  Crypto,
  DeviceId,
  GenerationId,
  Lane,
  MailboxId,
  MailboxKey,
  MailboxParams,
  RelayId,
} from '@sotto/interface'
import { mailboxId, parametersOf } from '@sotto/wire'

/** A generation with everything that derives from its secret, and the devices of the epoch that opened it. */
export interface GenerationContext {
  readonly id: GenerationId
  readonly secret: Uint8Array
  readonly keys: GenerationKeys
  readonly openedAt: number
  /** Sorted. */
  readonly devices: readonly DeviceId[]
}

/** One lane of one generation at one relay, as this device uses it. */
export interface ConversationMailbox {
  readonly id: MailboxId
  readonly lane: Lane
  readonly relay: RelayId
  readonly generation: GenerationContext
  readonly params: MailboxParams
  readonly readKey: MailboxKey
  readonly writeKey: MailboxKey
}

/** An Ed25519 seed with its public key. */
export async function mailboxKeyOf(crypto: Crypto, seed: Uint8Array): Promise<MailboxKey> {
  return { seed, publicKey: await crypto.ed25519.publicKey(seed) }
}

/** Both lanes of a generation at a relay. Every member derives the same ids; the relay cannot match them with another relay's. */
export async function conversationMailboxes(
  crypto: Crypto,
  self: DeviceId,
  generation: GenerationContext,
  relay: RelayId,
): Promise<{ content: ConversationMailbox; control: ConversationMailbox }> {
  const shared = mailboxKeys(generation.secret, relay, 'content')
  const contentKey = await mailboxKeyOf(crypto, shared.write)
  const content = await assemble('content', shared.read, [contentKey], contentKey)
  const perDevice = await Promise.all(
    generation.devices.map(async (device) => {
      const { write } = mailboxKeys(generation.secret, relay, 'control', device)
      return { device, key: await mailboxKeyOf(crypto, write) }
    }),
  )
  const own = perDevice.find((entry) => entry.device === self)?.key ?? contentKey
  const { read } = mailboxKeys(generation.secret, relay, 'control', self)
  const control = await assemble(
    'control',
    read,
    perDevice.map((entry) => entry.key),
    own,
  )
  return { content, control }

  async function assemble(
    lane: Lane,
    readSeed: Uint8Array,
    writers: readonly MailboxKey[],
    writeKey: MailboxKey,
  ): Promise<ConversationMailbox> {
    const readKey = await mailboxKeyOf(crypto, readSeed)
    const writeKeys = writers.map((key) => key.publicKey)
    const params: MailboxParams = { lane, readKey: readKey.publicKey, writeKeys, capacity: 0, expiresAt: 0, powBits: 0 }
    return { id: mailboxId(parametersOf(params)), lane, relay, generation, params, readKey, writeKey }
  }
}
