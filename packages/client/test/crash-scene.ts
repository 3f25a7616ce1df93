import { seededCrypto } from '@sotto/group/node/seeded'
import type { Address, Logger, RelayId } from '@sotto/interface'
import { memoryDisk, type MemoryDisk } from '@sotto/store/memory'
import {
  countedStore,
  countedTransport,
  hastyStore,
  MemoryNetwork,
  mortalClock,
  MortalProcess,
  seededRandom,
  virtualClock,
  type MemoryRelayStore,
  type VirtualClock,
} from '@sotto/testkit'
import { Messenger } from '../src/client.ts'
import type { Parts } from '../src/context.ts'
import { createProfile, loadProfile } from '../src/profile.ts'
import type { Fact } from '../src/fact.ts'
import { rest, timeoutsBy } from './crash-rest.ts'
import { Witness } from './crash-witness.ts'

const silent: Logger = { debug() {}, info() {}, warn() {}, scope: () => silent }
/** Time of the scene's clock after which what is waited for will not come: longer than any retry of the client. */
const PATIENCE_MS = 600_000
/** And so often does a scene come to rest in it, at most: what goes round in circles needs no time of the clock. */
const MAX_RESTS = 3_000

/** One device, in the life that it has now. */
export interface Device {
  readonly name: string
  readonly disk: MemoryDisk
  readonly process: MortalProcess
  readonly client: Messenger
}

/** Makes an empty store one of a device. */
export type SetUp = (parts: Parts) => Promise<unknown>

/** What a scene can be begun with, any number of times. */
export interface Checkpoint {
  readonly disks: ReadonlyMap<string, MemoryDisk>
  readonly relay: MemoryRelayStore
  readonly notes: ReadonlyMap<string, string>
  readonly now: number
  readonly lives: number
  readonly witness: Witness
}

export interface SceneOptions {
  readonly direct: boolean
  /** Whose build has the planted mistake that it sends before it stores. */
  readonly hasty?: string
}

/**
 * A relay and devices in one process, on a clock that goes on only when nothing else can: the same run each time, and no wait of
 * any retry costs time.
 */
export class Scene {
  readonly clock: VirtualClock
  readonly network: MemoryNetwork
  readonly relay: { readonly address: Address; readonly id: RelayId; readonly store: MemoryRelayStore }
  readonly disks = new Map<string, MemoryDisk>()
  readonly devices = new Map<string, Device>()
  /** What people know beside their devices: a link that was handed over, say. */
  readonly notes = new Map<string, string>()
  readonly witness: Witness
  readonly #options: SceneOptions
  readonly #waiting = new Set<() => boolean>()
  readonly #onFact: (device: Device, fact: Fact) => void
  #lives = 0

  constructor(options: SceneOptions, onFact: (device: Device, fact: Fact) => void, from?: Checkpoint) {
    this.#options = options
    this.#onFact = onFact
    this.clock = virtualClock(from?.now)
    this.network = new MemoryNetwork(this.clock)
    timeoutsBy(this.clock)
    this.network.faults.noDirect = !options.direct
    this.witness = from?.witness.copy() ?? new Witness()
    this.network.faults.tamper = (envelope) => {
      this.witness.passed(envelope)
      return envelope
    }
    const { address, store } = this.network.addRelay()
    this.relay = { address, id: address.split('/p2p/').at(-1) as RelayId, store }
    if (from === undefined) return
    store.takeOver(from.relay)
    for (const [name, disk] of from.disks) this.disks.set(name, disk.copy())
    for (const note of from.notes) this.notes.set(...note)
    this.#lives = from.lives
  }

  /** Begins a life of a device and brings it online, with a new profile unless it has one. The process may be armed already. */
  async begin(
    name: string,
    process: MortalProcess = new MortalProcess(),
    setUp: SetUp = (parts) => createProfile(parts, { name, relays: [this.relay.address] }),
  ): Promise<Device> {
    const disk = this.disks.get(name) ?? memoryDisk()
    this.disks.set(name, disk)
    process.onDeath(() => disk.crash())
    // Each life has chance of its own: a restored random number would hide that a key is used twice.
    const random = seededRandom(`${name} ${String(this.#lives++)}`)
    const store = this.witness.watch(this.#options.hasty === name ? hastyStore(disk) : disk.open())
    const parts = {
      store: countedStore(process, store),
      transport: countedTransport(process, this.witness.listen(this.network.transport())),
      crypto: seededCrypto,
      random,
      clock: mortalClock(process, this.clock),
      logger: silent,
    }
    if ((await loadProfile(parts.store)) === undefined) await setUp(parts)
    const client = await Messenger.load(parts)
    const device = { name, disk, process, client }
    client.subscribe((fact) => {
      if (!process.isDead) this.#onFact(device, fact)
    })
    this.devices.set(name, device)
    await client.start()
    return device
  }

  /** Resolves when `look` finds something, unless the device dies before; it is asked each time that the scene has come to rest. */
  until<T>({ process }: Device, look: () => T | undefined | false): Promise<T> {
    return new Promise((resolve) => {
      const waiting = (): boolean => {
        if (process.isDead) return true
        const found = look()
        if (found === undefined || found === false) return false
        resolve(found)
        return true
      }
      this.#waiting.add(waiting)
    })
  }

  /** Lets everything happen until `work` has ended. */
  async play<T>(work: Promise<T>): Promise<T> {
    let isOver = false
    const over = (): void => void (isOver = true)
    work.then(over, over)
    const end = this.clock.monotonic() + PATIENCE_MS
    for (let rests = 0; rests < MAX_RESTS && this.clock.monotonic() < end; rests += 1) {
      await rest()
      if (isOver) return work
      if (!this.#look()) this.clock.runNext()
    }
    throw new Error('nothing more comes, and it is not done')
  }

  /** Ends every device in good order and keeps what they leave behind. */
  async checkpoint(): Promise<Checkpoint> {
    await this.play(Promise.all([...this.devices.values()].map((device) => device.client.stop())))
    const { disks, relay, notes, witness } = this
    return { disks, relay: relay.store, notes, now: this.clock.now(), lives: this.#lives, witness }
  }

  #look(): boolean {
    const done = [...this.#waiting].filter((waiting) => waiting())
    for (const waiting of done) this.#waiting.delete(waiting)
    return done.length > 0
  }
}
