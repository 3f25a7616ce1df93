import { randomBytes } from 'node:crypto'
import {
  leadersOf,
  present,
  timed,
  type Change,
  type Contender,
  type Round,
  type StoredBytes,
  type Warm,
} from './contender.ts'

/** The part of ts-mls that is used here; what it does not need to look into is opaque. */
export interface StockLibrary {
  getCiphersuiteFromName(name: string): unknown
  getCiphersuiteImpl(suite: unknown): Promise<unknown>
  defaultCapabilities(): Capabilities
  readonly defaultLifetime: unknown
  readonly emptyPskIndex: unknown
  generateKeyPackage(...args: readonly unknown[]): Promise<KeyPackagePair>
  createGroup(...args: readonly unknown[]): Promise<State>
  createCommit(context: { state: State; cipherSuite: unknown }, options: object): Promise<Made>
  joinGroup(...args: readonly unknown[]): Promise<State>
  processPrivateMessage(...args: readonly unknown[]): Promise<{ newState: State }>
  encodeMlsMessage(message: object): Uint8Array
  decodeMlsMessage(bytes: Uint8Array, offset: number): [{ privateMessage: unknown; welcome: unknown }, number]
  encodeGroupState(state: object): Uint8Array
}

interface Capabilities {
  readonly ciphersuites: readonly string[]
}

export interface KeyPackagePair {
  readonly publicPackage: object
  readonly privatePackage: { readonly hpkePrivateKey: Uint8Array; readonly signaturePrivateKey: Uint8Array }
}

interface State {
  readonly ratchetTree: readonly ({ readonly nodeType: string } | undefined)[]
}

interface Made {
  readonly newState: State
  readonly commit: object
  readonly welcome: object | undefined
}

const SUITE = 'MLS_256_XWING_CHACHA20POLY1305_SHA512_Ed25519'

/** ts-mls as published, with its own provider and settings, and our suite. It also keeps four past epochs; its stored bytes are without. */
export async function stockLibrary(library: StockLibrary): Promise<Contender> {
  const suite = await library.getCiphersuiteImpl(library.getCiphersuiteFromName(SUITE))
  const stock = new Stock(library, suite)
  return {
    name: 'ts-mls',
    suite: 'X-Wing, ChaCha20-Poly1305, SHA-512, Ed25519',
    keyPackageBytes: async () => stock.keyPackageBytes(await stock.newcomer()),
    gather: (size) => stock.gather(size),
  }
}

class Stock {
  readonly #library: StockLibrary
  readonly #suite: unknown

  constructor(library: StockLibrary, suite: unknown) {
    this.#library = library
    this.#suite = suite
  }

  newcomer(): Promise<KeyPackagePair> {
    const library = this.#library
    // As long as a device chain of one.
    const credential = { credentialType: 'basic', identity: new Uint8Array(randomBytes(180)) }
    return library.generateKeyPackage(
      credential,
      library.defaultCapabilities(),
      library.defaultLifetime,
      [],
      this.#suite,
    )
  }

  keyPackageBytes({ publicPackage: keyPackage }: KeyPackagePair): number {
    return this.#library.encodeMlsMessage({ version: 'mls10', wireformat: 'mls_key_package', keyPackage }).length
  }

  async gather(size: number): Promise<Warm> {
    const library = this.#library
    const people: KeyPackagePair[] = []
    for (let at = 0; at < size; at += 1) people.push(await this.newcomer())
    const founder = present(people[0], 'founder')
    const { publicPackage, privatePackage } = founder
    const id = new Uint8Array(randomBytes(32))
    const alone = await library.createGroup(id, publicPackage, privatePackage, [], this.#suite)
    const made = await this.commit(alone, people.slice(1).map(added))
    let committer = made.newState
    const leaders = leadersOf(size)
    let observer = await this.join(this.welcomeBytes(made), present(people[leaders.at(-1) ?? 0], 'observer'))
    for (const leaf of leaders.slice(0, -1)) {
      // Members of one epoch differ in their private keys only, and an update needs no more of them than these two.
      const { hpkePrivateKey, signaturePrivateKey } = present(people[leaf], 'leader').privatePackage
      const privatePath = { leafIndex: leaf, privateKeys: { [2 * leaf]: hpkePrivateKey } }
      const state = leaf === 0 ? committer : { ...observer, privatePath, signaturePrivateKey }
      const update = await this.commit(state, [])
      observer = await this.process(observer, this.bytesOf(update.commit))
      committer = leaf === 0 ? update.newState : await this.process(committer, this.bytesOf(update.commit))
    }
    if (leaders.length > 1) {
      const update = await this.commit(observer, [])
      committer = await this.process(committer, this.bytesOf(update.commit))
      observer = update.newState
    }
    return new StockGroup(this, committer, observer)
  }

  commit(state: State, extraProposals: readonly object[]): Promise<Made> {
    const context = { state, cipherSuite: this.#suite }
    return this.#library.createCommit(context, { extraProposals, ratchetTreeExtension: true })
  }

  async process(state: State, bytes: Uint8Array): Promise<State> {
    const library = this.#library
    const [{ privateMessage }] = library.decodeMlsMessage(bytes, 0)
    const { emptyPskIndex } = library
    return (await library.processPrivateMessage(state, privateMessage, emptyPskIndex, this.#suite)).newState
  }

  join(bytes: Uint8Array, { publicPackage, privatePackage }: KeyPackagePair): Promise<State> {
    const library = this.#library
    const [{ welcome }] = library.decodeMlsMessage(bytes, 0)
    return library.joinGroup(welcome, publicPackage, privatePackage, library.emptyPskIndex, this.#suite)
  }

  bytesOf(message: object): Uint8Array {
    return this.#library.encodeMlsMessage(message)
  }

  welcomeBytes({ welcome }: Made): Uint8Array {
    return this.bytesOf({ version: 'mls10', wireformat: 'mls_welcome', welcome: present(welcome, 'Welcome') })
  }

  storedBytes(state: State): number {
    return this.#library.encodeGroupState({ ...state, historicalReceiverData: new Map() }).length
  }
}

class StockGroup implements Warm {
  readonly #stock: Stock
  #committer: State
  #observer: State

  constructor(stock: Stock, committer: State, observer: State) {
    this.#stock = stock
    this.#committer = committer
    this.#observer = observer
  }

  async round(change: Change): Promise<Round> {
    const stock = this.#stock
    const came = change === 'add' ? await stock.newcomer() : undefined
    const proposals = this.#proposals(change, came)
    const [[made, bytes], committing] = await timed(async () => {
      const committed = await stock.commit(this.#committer, proposals)
      return [committed, stock.bytesOf(committed.commit)] as const
    })
    const [child, processing] = await timed(() => stock.process(this.#observer, bytes))
    this.#committer = made.newState
    this.#observer = child
    const round = { commit: committing, process: processing, commitBytes: bytes.length }
    if (came === undefined) return round
    const welcome = stock.welcomeBytes(made)
    const [, joining] = await timed(() => stock.join(welcome, came))
    return { ...round, join: joining, welcomeBytes: welcome.length }
  }

  stored(): StoredBytes {
    const bytes = this.#stock.storedBytes(this.#observer)
    return { first: bytes, next: bytes }
  }

  #proposals(change: Change, came: KeyPackagePair | undefined): readonly object[] {
    if (came !== undefined) return [added(came)]
    if (change === 'update') return []
    const last = this.#committer.ratchetTree.findLastIndex((node) => node?.nodeType === 'leaf')
    return [{ proposalType: 'remove', remove: { removed: last / 2 } }]
  }
}

function added({ publicPackage }: KeyPackagePair): object {
  return { proposalType: 'add', add: { keyPackage: publicPackage } }
}
