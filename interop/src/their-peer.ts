import type { Client, CommitBundle, Context, CoreCrypto } from './core-crypto.ts'
import type { SuiteId } from './names.ts'
import {
  DOMAIN,
  GROUP_ID,
  hex,
  nameOf,
  uuidOf,
  type Change,
  type Heard,
  type Made,
  type Peer,
  type View,
} from './peer.ts'

/** Version and wire format before the content of an MLSMessage (RFC 9420 section 6). */
const MESSAGE_HEADER = 4

/** A member that runs OpenMLS, with its store in memory. */
export class TheirPeer implements Peer {
  readonly id: number
  readonly kind = 'theirs'
  readonly #library: CoreCrypto
  readonly #client: Client
  readonly #credential: object
  readonly #conversation: object
  readonly #sent: CommitBundle[]

  private constructor(library: CoreCrypto, id: number, client: Client, credential: object, sent: CommitBundle[]) {
    this.#library = library
    this.id = id
    this.#client = client
    this.#credential = credential
    this.#sent = sent
    this.#conversation = new library.ConversationId(GROUP_ID)
  }

  static async create(library: CoreCrypto, suite: SuiteId, id: number): Promise<TheirPeer> {
    const client = library.CoreCrypto.new(await library.Database.inMemory())
    const sent: CommitBundle[] = []
    const self = new library.ClientId(new library.Uuid(uuidOf(id)), new library.DeviceId(BigInt(id)), DOMAIN)
    const credential = await client.transaction(async (context) => {
      await context.mlsInit(self, {
        sendCommitBundle: async (bundle) => void sent.push(bundle),
        prepareForTransport: async () => new Uint8Array(),
      })
      return context.addCredential(library.Credential.basic(suite, self))
    })
    return new TheirPeer(library, id, client, credential, sent)
  }

  async keyPackage(): Promise<Uint8Array> {
    const keyPackage = await this.#do((context) => context.generateKeyPackage(this.#credential))
    return keyPackage.serialize()
  }

  async found(): Promise<void> {
    await this.#do((context) => context.createConversation(this.#conversation, this.#credential))
  }

  async join(welcome: Uint8Array): Promise<void> {
    await this.#do((context) => context.processWelcomeMessage(new this.#library.Welcome(welcome)))
  }

  /** It gives a GroupInfo out with each commit, and at no other time. */
  async groupInfo(): Promise<{ info: Uint8Array; before: Made }> {
    const before = await this.commit({ add: [], remove: [] })
    return { info: this.#lastSent().groupInfo.payload, before }
  }

  async enter(info: Uint8Array): Promise<Made> {
    const groupInfo = new this.#library.GroupInfo(info.subarray(MESSAGE_HEADER))
    await this.#do((context) => context.joinByExternalCommit(groupInfo, this.#credential))
    return { commit: this.#lastSent().commit }
  }

  commit({ add, remove }: Change): Promise<Made> {
    const group = this.#conversation
    if (add.length > 0 && remove.length > 0) throw new Error('OpenMLS as it is packaged adds or removes, not both')
    return this.#made(async (context) => {
      if (add.length > 0) {
        await context.addClientsToConversation(
          group,
          add.map((bytes) => new this.#library.KeyPackage(bytes)),
        )
      } else if (remove.length > 0) {
        const names = new Set(remove.map(nameOf))
        const clients = (await context.getClientIds(group)).filter((client) => names.has(textOf(client)))
        await context.removeClientsFromConversation(group, clients)
      } else await context.updateKeyingMaterial(group)
    })
  }

  commitProposed(): Promise<Made> {
    return this.#made((context) => context.commitPendingProposals(this.#conversation))
  }

  async receive(message: Uint8Array): Promise<Heard> {
    const { tag, inner } = await this.#do((context) => context.decryptMessage(this.#conversation, message))
    if (tag === 'Text') return { type: 'text', text: new TextDecoder().decode(inner.plaintext) }
    if (tag === 'Proposal') return { type: 'proposal' }
    return { type: inner.isActive === false ? 'removed' : 'commit' }
  }

  send(text: string): Promise<Uint8Array> {
    return this.#do((context) => context.encryptMessage(this.#conversation, new TextEncoder().encode(text)))
  }

  /** Whether it still holds the group, which it forgets when it is removed. */
  holdsGroup(): Promise<boolean> {
    return this.#do((context) => context.conversationExists(this.#conversation))
  }

  view(): Promise<View> {
    return this.#do(async (context) => ({
      epoch: await context.conversationEpoch(this.#conversation),
      exporter: hex((await context.exportSecretKey(this.#conversation, 32)).copyBytes()),
      members: (await context.getClientIds(this.#conversation)).map(textOf),
    }))
  }

  /** Frees its memory; it cannot be used again. */
  close(): void {
    this.#client.uniffiDestroy()
  }

  async #made(work: (context: Context) => Promise<void>): Promise<Made> {
    const before = this.#sent.length
    await this.#do(work)
    if (this.#sent.length === before) throw new Error('OpenMLS had nothing to commit')
    const { commit, welcome } = this.#lastSent()
    return welcome === undefined ? { commit } : { commit, welcome: welcome.serialize() }
  }

  #lastSent(): CommitBundle {
    const bundle = this.#sent.at(-1)
    if (bundle === undefined) throw new Error('OpenMLS sent no commit')
    return bundle
  }

  #do<T>(work: (context: Context) => Promise<T>): Promise<T> {
    return this.#client.transaction(work)
  }
}

function textOf(client: { copyBytes(): Uint8Array }): string {
  return new TextDecoder().decode(client.copyBytes())
}
