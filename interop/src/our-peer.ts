import type { ClientState, MLSMessage, Proposal } from 'ts-mls'
import type { Engine } from './engines.ts'
import { SUITES } from './names.ts'
import { GROUP_ID, hex, nameOf, type Change, type Heard, type Made, type Peer, type View } from './peer.ts'

type Keys = Awaited<ReturnType<Engine['library']['generateKeyPackage']>>

/** Extensions, proposals, credentials (RFC 9420 section 11.1): what everybody can anyway, but not what the group says at first. */
const REQUIRED = Uint8Array.of(0, 0, 2, 0, 1)

const utf8 = (text: string) => new TextEncoder().encode(text)
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

/** A member that runs ts-mls. */
export class OurPeer implements Peer {
  readonly id: number
  readonly kind = 'ours'
  readonly #engine: Engine
  #keys: Keys | undefined
  #state: ClientState | undefined

  constructor(engine: Engine, id: number) {
    this.#engine = engine
    this.id = id
  }

  get state(): ClientState {
    if (this.#state === undefined) throw new Error(`member ${this.id} is in no group`)
    return this.#state
  }

  async keyPackage(): Promise<Uint8Array> {
    return this.#engine.library.encodeKeyPackage((await this.#newKeys()).publicPackage)
  }

  async found(): Promise<void> {
    const { library, suite, config } = this.#engine
    const { publicPackage, privatePackage } = await this.#newKeys()
    this.#state = await library.createGroup(GROUP_ID, publicPackage, privatePackage, [], suite, config)
  }

  async join(bytes: Uint8Array): Promise<void> {
    const { library, suite, config } = this.#engine
    const message = this.#decode(bytes)
    if (message.wireformat !== 'mls_welcome' || this.#keys === undefined) throw new Error('not a Welcome for us')
    const { publicPackage, privatePackage } = this.#keys
    const none = library.emptyPskIndex
    const { welcome } = message
    this.#state = await library.joinGroup(
      welcome,
      publicPackage,
      privatePackage,
      none,
      suite,
      undefined,
      undefined,
      config,
    )
  }

  async groupInfo(): Promise<{ info: Uint8Array }> {
    const { library, suite } = this.#engine
    const groupInfo = await library.createGroupInfoWithExternalPubAndRatchetTree(this.state, [], suite)
    return { info: this.#encode({ version: 'mls10', wireformat: 'mls_group_info', groupInfo }) }
  }

  async enter(info: Uint8Array): Promise<Made> {
    const { library, suite, config } = this.#engine
    const { publicPackage, privatePackage } = await this.#newKeys()
    const message = this.#decode(info)
    if (message.wireformat !== 'mls_group_info') throw new Error('not a GroupInfo')
    const { groupInfo } = message
    const made = await library.joinGroupExternal(
      groupInfo,
      publicPackage,
      privatePackage,
      false,
      suite,
      undefined,
      config,
    )
    this.#state = made.newState
    const { publicMessage } = made
    return { commit: this.#encode({ version: 'mls10', wireformat: 'mls_public_message', publicMessage }) }
  }

  async commit(change: Change): Promise<Made> {
    return this.#commit(this.proposalsOf(change), change.withPath ?? false)
  }

  async commitProposed(): Promise<Made> {
    return this.#commit([], false)
  }

  /** The messages that propose a change, one each. */
  async propose(change: Change): Promise<Uint8Array[]> {
    const messages: Uint8Array[] = []
    for (const proposal of this.proposalsOf(change)) {
      const made = await this.#engine.library.createProposal(this.state, true, proposal, this.#engine.suite)
      this.#state = made.newState
      messages.push(this.#encode(made.message))
    }
    return messages
  }

  async receive(bytes: Uint8Array): Promise<Heard> {
    const { library, suite } = this.#engine
    const message = this.#decode(bytes)
    if (message.wireformat !== 'mls_public_message' && message.wireformat !== 'mls_private_message')
      throw new Error('not for a member')
    const got = await library.processMessage(message, this.state, library.emptyPskIndex, library.acceptAll, suite)
    this.#state = got.newState
    if (got.kind === 'applicationMessage') return { type: 'text', text: text(got.message) }
    if (got.newState.groupActiveState.kind === 'removedFromGroup') return { type: 'removed' }
    const isProposal =
      message.wireformat === 'mls_public_message' && message.publicMessage.content.contentType === 'proposal'
    return { type: isProposal ? 'proposal' : 'commit' }
  }

  async send(what: string): Promise<Uint8Array> {
    const { library, suite } = this.#engine
    const made = await library.createApplicationMessage(this.state, utf8(what), suite)
    this.#state = made.newState
    const { privateMessage } = made
    return this.#encode({ version: 'mls10', wireformat: 'mls_private_message', privateMessage })
  }

  async view(): Promise<View> {
    const { keySchedule, groupContext } = this.state
    const { library, suite } = this.#engine
    const exporter = await library.mlsExporter(keySchedule.exporterSecret, 'exporter', new Uint8Array(), 32, suite)
    return {
      epoch: groupContext.epoch,
      exporter: hex(exporter),
      members: this.#leaves().map(({ name }) => name),
      authenticator: hex(keySchedule.epochAuthenticator),
    }
  }

  proposalsOf(change: Change): Proposal[] {
    const leaves = this.#leaves()
    const removes = change.remove.map((id): Proposal => {
      const leaf = leaves.find(({ name }) => name === nameOf(id))
      if (leaf === undefined) throw new Error(`member ${id} is not in the tree`)
      return { proposalType: 'remove', remove: { removed: leaf.index } }
    })
    const adds = change.add.map((bytes): Proposal => {
      const [keyPackage] = this.#engine.library.decodeKeyPackage(bytes, 0) ?? []
      if (keyPackage === undefined) throw new Error('a key package that cannot be decoded')
      return { proposalType: 'add', add: { keyPackage } }
    })
    const extensions: Proposal = {
      proposalType: 'group_context_extensions',
      groupContextExtensions: { extensions: [{ extensionType: 'required_capabilities', extensionData: REQUIRED }] },
    }
    return [...removes, ...adds, ...(change.withExtensions ? [extensions] : [])]
  }

  async #commit(extraProposals: Proposal[], forcePath: boolean): Promise<Made> {
    const { library, suite } = this.#engine
    const made = await library.createCommit(
      { state: this.state, cipherSuite: suite },
      // OpenMLS as it is packaged takes public handshakes only.
      {
        extraProposals,
        forcePath,
        ratchetTreeExtension: true,
        wireAsPublicMessage: true,
        authenticatedData: utf8('sotto'),
      },
    )
    this.#state = made.newState
    const commit = this.#encode(made.commit)
    if (made.welcome === undefined) return { commit }
    return { commit, welcome: this.#encode({ version: 'mls10', wireformat: 'mls_welcome', welcome: made.welcome }) }
  }

  async #newKeys(): Promise<Keys> {
    const { library, suite } = this.#engine
    const capabilities = { ...library.defaultCapabilities(), ciphersuites: Object.values(SUITES) }
    const credential = { credentialType: 'basic', identity: utf8(nameOf(this.id)) } as const
    this.#keys = await library.generateKeyPackage(credential, capabilities, library.defaultLifetime, [], suite)
    return this.#keys
  }

  #leaves(): { index: number; name: string }[] {
    return this.state.ratchetTree.flatMap((node, at) => {
      if (node?.nodeType !== 'leaf' || node.leaf.credential.credentialType !== 'basic') return []
      return [{ index: at / 2, name: text(node.leaf.credential.identity) }]
    })
  }

  #encode(message: MLSMessage): Uint8Array {
    return this.#engine.library.encodeMlsMessage(message)
  }

  #decode(bytes: Uint8Array): MLSMessage {
    const [message] = this.#engine.library.decodeMlsMessage(bytes, 0) ?? []
    if (message === undefined) throw new Error('a message that cannot be decoded')
    return message
  }
}
