import { randomBytes } from 'node:crypto'
import { leadersOf, present, timed, type Change, type Contender, type Round, type Warm } from './contender.ts'
import type { KeyPackagePair, StockLibrary } from './stock.ts'

/** The part of `@wireapp/core-crypto` (OpenMLS as WebAssembly) that is used here. */
export interface CoreCryptoModule {
  readonly Database: { inMemory(): Promise<unknown> }
  readonly CoreCrypto: { new: (database: unknown) => Client }
  readonly ClientId: new (uuid: unknown, device: unknown, domain: string) => ClientId
  readonly Uuid: new (text: string) => unknown
  readonly DeviceId: new (number: bigint) => unknown
  readonly Credential: { basic(suite: number, id: ClientId): unknown }
  readonly ConversationId: new (bytes: Uint8Array) => unknown
  readonly KeyPackage: new (bytes: Uint8Array) => unknown
  readonly Welcome: new (bytes: Uint8Array) => unknown
}

interface ClientId {
  copyBytes(): Uint8Array
}

interface Client {
  transaction<T>(run: (context: Context) => Promise<T>): Promise<T>
}

interface Context {
  mlsInit(id: ClientId, transport: object): Promise<void>
  addCredential(credential: unknown): Promise<unknown>
  createConversation(conversation: unknown, credential: unknown): Promise<void>
  generateKeyPackage(credential: unknown): Promise<{ serialize(): Uint8Array }>
  addClientsToConversation(conversation: unknown, keyPackages: readonly unknown[]): Promise<void>
  removeClientsFromConversation(conversation: unknown, clients: readonly unknown[]): Promise<void>
  updateKeyingMaterial(conversation: unknown): Promise<void>
  decryptMessage(conversation: unknown, bytes: Uint8Array): Promise<unknown>
  processWelcomeMessage(welcome: unknown): Promise<unknown>
}

/** What OpenMLS hands to its transport for a commit. */
interface Bundle {
  readonly commit: Uint8Array
  readonly welcome: { serialize(): Uint8Array } | undefined
}

interface Member {
  readonly client: Client
  readonly id: ClientId
  readonly credential: unknown
  bundle(): Bundle
}

/** X25519, ChaCha20-Poly1305, SHA-256, Ed25519. */
const SUITE = 3
const SUITE_NAME = 'MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519'

/**
 * OpenMLS as core-crypto brings it, with a database in memory. Only members who commit are clients of it; the others are
 * key packages of ts-mls, because each client would be a database of its own.
 */
export async function openMls(module: CoreCryptoModule, library: StockLibrary): Promise<Contender> {
  const suite = await library.getCiphersuiteImpl(library.getCiphersuiteFromName(SUITE_NAME))
  const people = new People(module, library, suite)
  return {
    name: 'openmls',
    suite: 'X25519, ChaCha20-Poly1305, SHA-256, Ed25519',
    async keyPackageBytes() {
      const member = await people.member()
      return (await people.keyPackageOf(member)).length
    },
    gather: (size) => gather(people, size),
  }
}

class People {
  readonly #library: StockLibrary
  readonly #suite: unknown
  readonly module: CoreCryptoModule
  #count = 0

  constructor(module: CoreCryptoModule, library: StockLibrary, suite: unknown) {
    this.module = module
    this.#library = library
    this.#suite = suite
  }

  async member(): Promise<Member> {
    const { module } = this
    const client = module.CoreCrypto.new(await module.Database.inMemory())
    const id = this.#id()
    const bundles: Bundle[] = []
    const transport = {
      sendCommitBundle: async (bundle: Bundle) => void bundles.push(bundle),
      prepareForTransport: async () => new Uint8Array(),
    }
    const credential = await client.transaction(async (context) => {
      await context.mlsInit(id, transport)
      return context.addCredential(module.Credential.basic(SUITE, id))
    })
    return { client, id, credential, bundle: () => present(bundles.at(-1), 'commit') }
  }

  keyPackageOf({ client, credential }: Member): Promise<Uint8Array> {
    return client.transaction(async (context) => (await context.generateKeyPackage(credential)).serialize())
  }

  async fillerKeyPackage(): Promise<Uint8Array> {
    const library = this.#library
    const credential = { credentialType: 'basic', identity: this.#id().copyBytes() }
    const all = library.defaultCapabilities()
    const ciphersuites = [
      SUITE_NAME,
      ...all.ciphersuites.filter((name) => !/XWING|MLKEM/.test(name) && name !== SUITE_NAME),
    ]
    const capabilities = { ...all, ciphersuites }
    const made = library.generateKeyPackage(credential, capabilities, library.defaultLifetime, [], this.#suite)
    const { publicPackage: keyPackage }: KeyPackagePair = await made
    // core-crypto takes key packages bare, without the header of a message: version and wire format.
    return library.encodeMlsMessage({ version: 'mls10', wireformat: 'mls_key_package', keyPackage }).slice(4)
  }

  #id(): ClientId {
    const { ClientId, DeviceId, Uuid } = this.module
    this.#count += 1
    const uuid = new Uuid(`00000000-0000-4000-8000-${String(this.#count).padStart(12, '0')}`)
    return new ClientId(uuid, new DeviceId(BigInt(this.#count)), 'example.org')
  }
}

async function gather(people: People, size: number): Promise<Warm> {
  const { module } = people
  const conversation = new module.ConversationId(new Uint8Array(randomBytes(32)))
  const leaders = new Map<number, Member>()
  for (const leaf of leadersOf(size)) leaders.set(leaf, await people.member())
  const founder = present(leaders.get(0), 'founder')
  await founder.client.transaction((context) => context.createConversation(conversation, founder.credential))
  const keyPackages: unknown[] = []
  for (let leaf = 1; leaf < size; leaf += 1) {
    const leader = leaders.get(leaf)
    const bytes = leader === undefined ? await people.fillerKeyPackage() : await people.keyPackageOf(leader)
    keyPackages.push(new module.KeyPackage(bytes))
  }
  await founder.client.transaction((context) => context.addClientsToConversation(conversation, keyPackages))
  const welcome = welcomeOf(founder.bundle())
  for (const { client } of [...leaders.values()].slice(1)) {
    await client.transaction((context) => context.processWelcomeMessage(new module.Welcome(welcome)))
  }
  for (const leader of leaders.values()) {
    await leader.client.transaction((context) => context.updateKeyingMaterial(conversation))
    const { commit } = leader.bundle()
    for (const other of leaders.values()) if (other !== leader) await decrypt(other, conversation, commit)
  }
  return new OpenMlsGroup(people, conversation, founder, present([...leaders.values()].at(-1), 'observer'))
}

class OpenMlsGroup implements Warm {
  readonly #people: People
  readonly #conversation: unknown
  readonly #committer: Member
  readonly #observer: Member
  #last: Member | undefined

  constructor(people: People, conversation: unknown, committer: Member, observer: Member) {
    this.#people = people
    this.#conversation = conversation
    this.#committer = committer
    this.#observer = observer
  }

  async round(change: Change): Promise<Round> {
    const came = change === 'add' ? await this.#people.member() : undefined
    const commit = await this.#commitOf(change, came)
    const [, committing] = await timed(() => this.#committer.client.transaction(commit))
    const bundle = this.#committer.bundle()
    const [, processing] = await timed(() => decrypt(this.#observer, this.#conversation, bundle.commit))
    const round = { commit: committing, process: processing, commitBytes: bundle.commit.length }
    if (came === undefined) return round
    this.#last = came
    const welcome = welcomeOf(bundle)
    const { Welcome } = this.#people.module
    const [, joining] = await timed(() =>
      came.client.transaction((context) => context.processWelcomeMessage(new Welcome(welcome))),
    )
    return { ...round, join: joining, welcomeBytes: welcome.length }
  }

  stored(): string {
    return 'core-crypto keeps it in a database of its own'
  }

  async #commitOf(change: Change, came: Member | undefined): Promise<(context: Context) => Promise<void>> {
    const [people, conversation] = [this.#people, this.#conversation]
    if (change === 'update') return (context) => context.updateKeyingMaterial(conversation)
    if (came !== undefined) {
      const keyPackage = new people.module.KeyPackage(await people.keyPackageOf(came))
      return (context) => context.addClientsToConversation(conversation, [keyPackage])
    }
    const { id } = present(this.#last, 'member that came in')
    return (context) => context.removeClientsFromConversation(conversation, [id])
  }
}

function decrypt({ client }: Member, conversation: unknown, bytes: Uint8Array): Promise<unknown> {
  return client.transaction((context) => context.decryptMessage(conversation, bytes))
}

function welcomeOf({ welcome }: Bundle): Uint8Array {
  return present(welcome, 'Welcome').serialize()
}
