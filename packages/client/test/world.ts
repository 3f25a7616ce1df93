import { nodeCrypto } from '@sotto/group/node'
import type { AccountId, Address, Clock, ConversationId, Logger, Rows, Store, Table, Transport } from '@sotto/interface'
import { KEYS } from '@sotto/interface'
import { memoryDisk, type MemoryDisk } from '@sotto/store/memory'
import { MemoryNetwork, seededRandom, type MemoryRelayStore } from '@sotto/testkit'
import { Messenger } from '../src/client.ts'
import { linkNewDevice } from '../src/devices/link-new.ts'
import { createProfile } from '../src/profile.ts'
import type { Fact } from '../src/fact.ts'

export const silent: Logger = { debug() {}, info() {}, warn() {}, scope: () => silent }

/** Wall clock that a test may set forward; timers are the platform's. */
export interface TestClock extends Clock {
  jump(ms: number): void
}

/** `speed`: how many times faster than the platform's. */
export function testClock(speed = 1): TestClock {
  let ahead = 0
  const [wall, steady] = [Date.now(), performance.now()]
  return {
    now: () => wall + Math.floor((performance.now() - steady) * speed) + ahead,
    monotonic: () => performance.now() * speed + ahead,
    after(ms, run) {
      const timer = setTimeout(run, Math.min(ms / speed, 2_147_483_647))
      timer.unref()
      return () => clearTimeout(timer)
    },
    jump: (ms) => void (ahead += ms),
  }
}

/** One person's device in a {@link World}. */
export interface Person {
  readonly name: string
  readonly client: Messenger
  readonly disk: MemoryDisk
  readonly store: Store
  readonly facts: Fact[]
  readonly transport: Transport
}

/** People who know each other already, and what their relay keeps for them. */
export interface Beginning {
  readonly disks: ReadonlyMap<string, MemoryDisk>
  readonly relay: MemoryRelayStore
  /** So many sources of chance were used up. */
  readonly seeds: number
}

/** A memory network with one relay, and people on it. */
export class World {
  readonly clock: TestClock
  readonly network: MemoryNetwork
  readonly relay: { address: Address; store: ReturnType<MemoryNetwork['addRelay']>['store'] }
  readonly #open: Person[] = []
  #seed = 0

  constructor(about: { speed?: number } = {}) {
    this.clock = testClock(about.speed)
    this.network = new MemoryNetwork(this.clock)
    this.relay = this.network.addRelay()
  }

  /** A new person, or one who comes back from `disk`; online unless told otherwise. `clock`: of that device alone. */
  async person(name: string, about: { disk?: MemoryDisk; offline?: boolean; clock?: Clock } = {}): Promise<Person> {
    const disk = about.disk ?? memoryDisk()
    const store = disk.open()
    const transport = this.network.transport()
    const random = seededRandom(`${name} ${String(this.#seed++)}`)
    const clock = about.clock ?? this.clock
    const parts = { store, transport, crypto: nodeCrypto, random, clock, logger: silent }
    if (about.disk === undefined) await createProfile(parts, { name, relays: [this.relay.address] })
    const client = await Messenger.load(parts)
    const facts: Fact[] = []
    client.subscribe((fact) => facts.push(fact))
    const person = { name, client, disk, store, facts, transport }
    this.#open.push(person)
    if (about.offline !== true) await client.start()
    return person
  }

  /** Ends the world when nobody has anything to say any more; others may begin where it ended, any number of times. */
  async beginning(): Promise<Beginning> {
    for (let quiet = 0; quiet < 2;) quiet = (await this.#isQuiet()) ? quiet + 1 : 0
    await this.end()
    const disks = new Map(this.#open.map(({ name, disk }) => [name, disk]))
    return { disks, relay: this.relay.store, seeds: this.#seed }
  }

  /** These people come back online, as after a restart, in this order. Their names are all different. */
  async begin({ disks, relay, seeds }: Beginning): Promise<readonly Person[]> {
    // The same numbers again would use keys twice.
    this.#seed = Math.max(this.#seed, seeds)
    this.relay.store.takeOver(relay)
    const people: Person[] = []
    for (const [name, disk] of disks) people.push(await this.person(name, { disk: disk.copy() }))
    return people
  }

  /** A new person, and the words with which the account can be restored. */
  async personWithPhrase(name: string): Promise<{ person: Person; phrase: string }> {
    const disk = memoryDisk()
    const phrase = await this.setUp(disk, name)
    return { person: await this.person(name, { disk }), phrase }
  }

  /** A device of somebody who has nothing left but the words. */
  async restored(name: string, phrase: string): Promise<Person> {
    const disk = memoryDisk()
    await this.setUp(disk, name, phrase)
    return this.person(name, { disk })
  }

  /** Sets a disk up, without a name as a page does at its first visit, or for the account of these words. */
  async setUp(disk: MemoryDisk, name: string | undefined, phrase?: string): Promise<string> {
    const store = disk.open()
    const random = seededRandom(`set up ${name ?? ''} ${String(this.#seed++)}`)
    const relays = [this.relay.address]
    const wanted = { relays, ...(name === undefined ? {} : { name }), ...(phrase === undefined ? {} : { phrase }) }
    const { recoveryPhrase } = await createProfile({ store, crypto: nodeCrypto, random, clock: this.clock }, wanted)
    await store.close()
    return recoveryPhrase
  }

  /** A further device of a person, linked by its code, which names these relays. */
  async device(of: Person, relays: readonly Address[] = [this.relay.address]): Promise<Person> {
    const disk = memoryDisk()
    const store = disk.open()
    const random = seededRandom(`device ${String(this.#seed++)}`)
    const parts = {
      store,
      transport: this.network.transport(),
      crypto: nodeCrypto,
      random,
      clock: this.clock,
      logger: silent,
    }
    let linked: Promise<unknown> = Promise.resolve()
    const onCode = (code: string): void => {
      linked = of.client.do('deviceLink', { code })
    }
    await linkNewDevice(parts, { relays, onCode }, { signal: AbortSignal.timeout(30_000) })
    await store.close()
    const person = await this.person('', { disk })
    await linked
    return person
  }

  /** Two people who are each other's contacts. */
  async pair(): Promise<{ alice: Person; bob: Person; conversation: ConversationId }> {
    const [alice, bob] = (await this.begin(await pairs())) as [Person, Person]
    const [conversation] = alice.client.snapshot.get().conversations.map((one) => one.conversation) as [ConversationId]
    return { alice, bob, conversation }
  }

  /** Makes two people each other's contacts. */
  async meet(inviter: Person, guest: Person): Promise<ConversationId> {
    const { link } = await inviter.client.do('invite', {})
    const { conversation } = await guest.client.do('join', { link, message: 'hello' })
    const isOurs = ({ account }: { account: string }): boolean => account === accountOf(guest)
    const request = await until(() => inviter.client.snapshot.get().requests.find(isOurs))
    await inviter.client.do('accept', { id: request.id })
    await until(() => guest.client.pairWith(accountOf(inviter)))
    return conversation
  }

  /** A group by the first of these, in which the others are. All of them are its founder's contacts. */
  async group(title: string, founder: Person, others: readonly Person[]): Promise<ConversationId> {
    const members = others.map(accountOf)
    const { conversation } = await founder.client.do('groupCreate', { title, members })
    for (const other of others) {
      const request = await until(() => other.client.snapshot.get().requests.find(({ kind }) => kind === 'group'))
      await other.client.do('accept', { id: request.id })
    }
    for (const person of [founder, ...others])
      await until(() => membersIn(person, conversation).length === others.length + 1)
    return conversation
  }

  async #isQuiet(): Promise<boolean> {
    const answers = await Promise.all(this.#open.map(({ client }) => client.do('sync', {})))
    const isChanging = this.#open.some(({ client }) =>
      client.snapshot.get().conversations.some(({ rekeying }) => rekeying),
    )
    return !isChanging && answers.every(({ complete, queued }) => complete && queued === 0)
  }

  async stop(person: Person): Promise<void> {
    this.#open.splice(this.#open.indexOf(person), 1)
    await person.client.stop()
  }

  async end(): Promise<void> {
    await Promise.all(this.#open.map((person) => person.client.stop()))
  }
}

/** Made once: most tests begin with two who know each other. */
const pairs = once(async (world) => {
  await world.meet(await world.person('Alice'), await world.person('Bob'))
})

/** A beginning that is made when it is first asked for. */
export function once(make: (world: World) => Promise<unknown>): () => Promise<Beginning> {
  let made: Promise<Beginning> | undefined
  const makeIt = async (): Promise<Beginning> => {
    const world = new World()
    await make(world)
    return world.beginning()
  }
  return () => (made ??= makeIt())
}

export function accountOf(person: Person): AccountId {
  return person.client.context.profile().account
}

/** The names of those who are in, as a person sees it; nobody who is still coming or going. */
export function membersIn(person: Person, conversation: string): string[] {
  const summary = person.client.snapshot.get().conversations.find((entry) => entry.conversation === conversation)
  return (summary?.members ?? []).filter(({ state }) => state === undefined).map(({ name }) => name)
}

const LOOK_EVERY_MS = 10

/** Waits for a fact: looks every few milliseconds, so that there is time for others, up to 40 s, since machines are busy. */
export async function until<T>(look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  const end = performance.now() + 40_000
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > end) throw new Error(`waited in vain for ${look.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

/** The texts that a person sees in a conversation, in order. */
export async function texts(person: Person, conversation: string): Promise<string[]> {
  const { rows } = await person.client.do('messages', { conversation, limit: 1_000 })
  return rows.flatMap((row) => ('text' in row ? [row.text] : []))
}

/** Everything in a store that means something, as one text: to see that nothing changed. */
export async function dump(store: Store, without: readonly Table[] = []): Promise<string> {
  const left: readonly Table[] = ['seen', 'cursors', ...without]
  const tables = (Object.keys(KEYS) as Table[]).filter((table) => !left.includes(table))
  const rows: [Table, Rows[Table][]][] = []
  for (const table of tables) rows.push([table, await store.list(table)])
  return JSON.stringify(rows, (_key, value: unknown) => (value instanceof Uint8Array ? [...value].join() : value))
}
