import {
  commit,
  createEngine,
  createKeyPackage,
  encodeStateApart,
  found,
  join,
  open,
  processCommit,
  roster,
  seal,
  type Change as MembersChange,
  type Committed,
  type EpochState,
  type GroupEngine,
  type GroupResult,
  type OwnKeyPackage,
  type OwnLeaf,
  type StateApart,
  type Verify,
} from '@sotto/group'
import { certifyFirstDevice, verifyCredential } from '@sotto/identity'
import { nodeCrypto, nodeRandom } from '@sotto/client/node'
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

const verify: Verify = verifyCredential(nodeCrypto)

interface Newcomer {
  readonly self: OwnLeaf
  readonly keyPackage: OwnKeyPackage
}

/** The product's engine with the product's ports and real device chains. */
export async function oursEngine(): Promise<
  Contender & { pair(): Promise<(plaintext: Uint8Array) => Promise<number>> }
> {
  const engine = await createEngine({ crypto: nodeCrypto, random: nodeRandom })
  return {
    name: 'sotto',
    suite: 'X-Wing, ChaCha20-Poly1305, SHA-512, Ed25519',
    keyPackageBytes: async () => (await newcomer(engine)).keyPackage.public.length,
    gather: (size) => gather(engine, size),
    pair: () => pair(engine),
  }
}

async function gather(engine: GroupEngine, size: number): Promise<Warm> {
  const founder = await newcomer(engine)
  const others: Newcomer[] = []
  for (let at = 1; at < size; at += 1) others.push(await newcomer(engine))
  const conversation = nodeRandom.bytes(32)
  const alone = must(await found(engine, { conversation, self: founder.self, verify }))
  const add = others.map(({ keyPackage }) => keyPackage.public)
  const made = must(await commit(engine, alone, { add, verify }, { opensGeneration: true }))
  const states = [made.child]
  for (const leaf of leadersOf(size).slice(1)) {
    const { self, keyPackage } = present(others[leaf - 1], 'newcomer')
    states.push(must(await join(engine, { welcome: welcomeOf(made), keyPackage, self, verify })))
  }
  for (const at of states.keys()) {
    const { child, commit: bytes } = must(await commit(engine, stateAt(states, at), {}, { opensGeneration: false }))
    for (const other of states.keys()) {
      if (other !== at)
        states[other] = must(await processCommit(engine, stateAt(states, other), bytes, { verify })).child
    }
    states[at] = child
  }
  return new OurGroup(engine, stateAt(states, 0), stateAt(states, states.length - 1))
}

class OurGroup implements Warm {
  readonly #engine: GroupEngine
  #committer: EpochState
  #observer: EpochState
  #stored: StoredBytes = { first: 0, next: 0 }

  constructor(engine: GroupEngine, committer: EpochState, observer: EpochState) {
    this.#engine = engine
    this.#committer = committer
    this.#observer = observer
  }

  async round(change: Change): Promise<Round> {
    const engine = this.#engine
    const came = change === 'add' ? await newcomer(engine) : undefined
    const options = { opensGeneration: change === 'remove' }
    const wanted = this.#changeOf(change, came)
    const [made, committing] = await timed(() => commit(engine, this.#committer, wanted, options))
    const { child, commit: bytes, welcome } = must(made)
    const [done, processing] = await timed(() => processCommit(engine, this.#observer, bytes, { verify }))
    const before = this.#observer
    this.#committer = child
    this.#observer = must(done).child
    if (change === 'update') this.#stored = storedBytes(before, this.#observer)
    const round = { commit: committing, process: processing, commitBytes: bytes.length }
    if (came === undefined || welcome === undefined) return round
    const { self, keyPackage } = came
    const [joined, joining] = await timed(() => join(engine, { welcome, keyPackage, self, verify }))
    must(joined)
    return { ...round, join: joining, welcomeBytes: welcome.length }
  }

  stored(): StoredBytes {
    return this.#stored
  }

  #changeOf(change: Change, came: Newcomer | undefined): MembersChange {
    if (came !== undefined) return { add: [came.keyPackage.public], verify }
    if (change === 'update') return { update: true }
    return { remove: [present(roster(this.#committer).at(-1), 'member').device] }
  }
}

function storedBytes(before: EpochState, after: EpochState): StoredBytes {
  const [one, other] = [encodeStateApart(before), encodeStateApart(after)]
  const known = new Set(one.nodes.map(({ id }) => id))
  const bytesOf = ({ head, nodes }: StateApart): number =>
    nodes.reduce((sum, node) => sum + node.bytes.length, head.length)
  const fresh = other.nodes.filter(({ id }) => !known.has(id))
  return { first: bytesOf(one), next: bytesOf({ ...other, nodes: fresh }) }
}

/** One message from one device to another: answers the bytes on the wire. */
async function pair(engine: GroupEngine): Promise<(plaintext: Uint8Array) => Promise<number>> {
  const [alice, bob] = [await newcomer(engine), await newcomer(engine)]
  const alone = must(await found(engine, { conversation: nodeRandom.bytes(32), self: alice.self, verify }))
  const made = must(await commit(engine, alone, { add: [bob.keyPackage.public], verify }, { opensGeneration: true }))
  let sender = made.child
  const { self, keyPackage } = bob
  let receiver = must(await join(engine, { welcome: welcomeOf(made), keyPackage, self, verify }))
  return async (plaintext) => {
    const sealed = await seal(engine, sender, plaintext)
    const opened = must(await open(engine, receiver, sealed.message))
    sender = sealed.state
    receiver = opened.state
    return sealed.message.length
  }
}

async function newcomer(engine: GroupEngine): Promise<Newcomer> {
  const [accountSeed, deviceSeed] = [nodeRandom.bytes(32), nodeRandom.bytes(32)]
  const deviceKey = await nodeCrypto.ed25519.publicKey(deviceSeed)
  const credential = await certifyFirstDevice(nodeCrypto, { accountSeed, deviceKey, createdAt: 0 })
  const self = { deviceSeed, credential }
  return { self, keyPackage: await createKeyPackage(engine, { self, notBefore: 0, notAfter: 2_000_000_000 }) }
}

function welcomeOf({ welcome }: Committed): Uint8Array {
  return present(welcome, 'Welcome')
}

function stateAt(states: readonly EpochState[], at: number): EpochState {
  return present(states[at], 'state')
}

function must<T>(result: GroupResult<T>): T {
  if (!result.ok) throw new Error(`The group engine refused its own work: ${result.reason}.`)
  return result.value
}
