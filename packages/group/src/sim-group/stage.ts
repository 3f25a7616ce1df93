import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { OwnKeyPackage } from '../index.ts'
import type { Epoch } from '../rules/epoch.ts'
import type { GrantedLeaf } from '../rules/node.ts'
import { randomFrom, type Random } from '../sim-rules/random.ts'
import type { Device, Failure, Message, World } from '../sim-rules/world.ts'
import type { AnyState, Group } from '../symbolic/group.ts'
import { personOf, type Person } from './people.ts'

/** A commit as it travelled. */
export interface Sent {
  readonly commit: Uint8Array
  readonly welcome: Uint8Array | undefined
  readonly epochId: string
}

/** A message as it travelled; of an author who used one key twice, also the other one. */
export interface Letter {
  readonly bytes: Uint8Array
  readonly twin: Uint8Array | undefined
}

const FOREVER = { notBefore: 0, notAfter: 4_000_000_000 }
/** Over long ago. */
const PAST = { notBefore: 0, notAfter: 1000 }
/** When those who commit look at key packages, in seconds. */
export const NOW = 2_000_000_000

/** What a world looks like to a group engine: who is who, what everybody holds, and what travelled. */
export class Stage<S extends AnyState> {
  readonly group: Group<S>
  readonly world: World
  readonly random: Random
  readonly conversation: Uint8Array
  readonly failures: Failure[] = []
  readonly counts: Record<string, number> = {}
  readonly states: Map<Device, Map<Epoch, S>> = new Map()
  /** What thieves hold. */
  readonly stolen: Map<Device, ReadonlyMap<Epoch, S>> = new Map()
  readonly sent: Map<Epoch, Sent> = new Map()
  readonly letters: Map<Message, Letter> = new Map()
  /** Messages that each device has really opened, or sealed. */
  readonly opened: Map<Device, Set<Message>> = new Map()
  readonly #people = new Map<Device, Person>()
  readonly #packages = new Map<string, OwnKeyPackage>()
  readonly #byId: Map<string, Device>

  constructor(group: Group<S>, world: World) {
    this.group = group
    this.world = world
    this.random = randomFrom(world.seed + 1_000_003)
    this.conversation = sha256(utf8ToBytes(`conversation ${world.seed}`))
    this.#byId = new Map(world.devices.map((device) => [device.id, device]))
  }

  /** One time in so many. */
  isOnceIn(times: number): boolean {
    return this.random(times) === 0
  }

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1
  }

  fail(kind: string, text: string): void {
    this.failures.push({ kind, text })
  }

  deviceOf({ device }: GrantedLeaf): Device {
    const found = this.#byId.get(device)
    if (found === undefined) throw new Error(`no device ${device}`)
    return found
  }

  personOf(device: Device): Person {
    return remembered(this.#people, device, () => personOf(device))
  }

  statesOf(device: Device): Map<Epoch, S> {
    return remembered(this.states, device, () => new Map<Epoch, S>())
  }

  openedBy(device: Device): Set<Message> {
    return remembered(this.opened, device, () => new Set<Message>())
  }

  /** The key package with which a leaf comes in: that of its acceptance, which a replayed one brings back, or of its grant. */
  async packageOf(leaf: GrantedLeaf): Promise<OwnKeyPackage> {
    const body = this.world.arena.nodes[leaf.by]?.body
    const name = `${leaf.device} ${body?.kind === 'add' ? body.acceptance : leaf.grant}`
    const known = this.#packages.get(name)
    if (known !== undefined) {
      this.count('key packages used again')
      return known
    }
    const made = await this.#createPackage(leaf)
    this.#packages.set(name, made)
    return made
  }

  /** Another key package of the same device, which holds no private half of it any more. */
  async lostPackageOf(leaf: GrantedLeaf): Promise<OwnKeyPackage> {
    return this.#createPackage(leaf)
  }

  async expiredPackageOf(leaf: GrantedLeaf): Promise<OwnKeyPackage> {
    return this.#createPackage(leaf, PAST)
  }

  async #createPackage(leaf: GrantedLeaf, lifetime: typeof FOREVER = FOREVER): Promise<OwnKeyPackage> {
    const { key: _, ...self } = this.personOf(this.deviceOf(leaf))
    return this.group.createKeyPackage({ self, ...lifetime })
  }
}

function remembered<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
