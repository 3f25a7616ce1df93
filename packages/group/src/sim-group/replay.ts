import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { OwnKeyPackage } from '../index.ts'
import type { Epoch } from '../rules/epoch.ts'
import type { GrantedLeaf } from '../rules/node.ts'
import { randomFrom, type Random } from '../sim-rules/random.ts'
import type { Device, Happening, Message, World } from '../sim-rules/world.ts'
import type { AnyState, Group } from '../symbolic/group.ts'
import { personOf, verify, type Person } from './people.ts'

/** A commit as it travelled. */
interface Sent {
  readonly commit: Uint8Array
  readonly welcome: Uint8Array | undefined
  readonly epochId: string
}

const FOREVER = { notBefore: 0, notAfter: 4_000_000_000 }

/** A played world once more, with a group engine: every device holds, makes and deletes the states that it held, made and deleted there. */
export class Replay<S extends AnyState> {
  readonly failures: string[] = []
  readonly counts = { commits: 0, entered: 0, sealed: 0, opened: 0, restarts: 0, refused: 0 }
  readonly #group: Group<S>
  readonly #world: World
  readonly #random: Random
  readonly #people = new Map<Device, Person>()
  readonly #states = new Map<Device, Map<Epoch, S>>()
  readonly #packages = new Map<GrantedLeaf, OwnKeyPackage>()
  readonly #sent = new Map<Epoch, Sent>()
  readonly #messages = new Map<Message, Uint8Array>()

  constructor(group: Group<S>, world: World) {
    this.#group = group
    this.#world = world
    this.#random = randomFrom(world.seed + 1_000_003)
  }

  async run(): Promise<void> {
    await this.#begin()
    for (const happening of this.#world.happenings) await this.#take(happening)
    await this.#lookAtOutsiders()
    this.#lookAtRosters()
  }

  async #take(happening: Happening): Promise<void> {
    const { device } = happening
    this.#restart(device, 'message' in happening ? happening.message.epoch : happening.epoch.parent)
    if ('message' in happening) {
      const { type, message } = happening
      return type === 'seal' ? this.#seal(device, message) : this.#open(device, message)
    }
    const { epoch } = happening
    if (happening.type === 'forget') this.#statesOf(device).delete(epoch)
    else if (happening.type === 'commit') await this.#commit(device, epoch)
    else await this.#enter(device, epoch)
  }

  /** The first device founds the group and adds all others at once. */
  async #begin(): Promise<void> {
    const first = this.#world.arena.nodes[0]?.epoch
    const [founder] = this.#world.devices
    if (first === undefined || founder === undefined) throw new Error('nobody begins')
    const { key, ...self } = this.#personOf(founder)
    const conversation = sha256(utf8ToBytes(`conversation ${this.#world.seed}`))
    const alone = await this.#group.found({ conversation, self, verify })
    if (!alone.ok) throw new Error(`founding ${key}: ${alone.reason}`)
    const others = first.tree.filter(({ device }) => device !== founder.id)
    const add = await this.#publicOf(others)
    const made = await this.#group.commit(alone.value, { add, verify }, { opensGeneration: true })
    if (!made.ok) throw new Error(`founding: ${made.reason}`)
    this.#statesOf(founder).set(first, made.value.child)
    this.#sent.set(first, { commit: made.value.commit, welcome: made.value.welcome, epochId: made.value.child.epochId })
    for (const leaf of others) await this.#enter(this.#deviceOf(leaf), first)
  }

  async #commit(device: Device, epoch: Epoch): Promise<void> {
    const { parent } = epoch
    const state = parent && this.#statesOf(device).get(parent)
    if (parent === undefined || state === undefined)
      return this.#fail(`${device.id} commits ${epoch.id} without its parent`)
    const added = epoch.tree.filter((leaf) => !parent.tree.includes(leaf))
    const remove = epoch.removed.map((leaf) => this.#personOf(this.#deviceOf(leaf)).key)
    const change = { add: await this.#publicOf(added), remove, verify }
    const made = await this.#group.commit(state, change, { opensGeneration: this.#random(5) === 0 })
    if (!made.ok) return this.#fail(`${device.id} cannot commit ${epoch.id}: ${made.reason}`)
    this.counts.commits++
    this.#statesOf(device).set(parent, made.value.parent).set(epoch, made.value.child)
    this.#sent.set(epoch, { commit: made.value.commit, welcome: made.value.welcome, epochId: made.value.child.epochId })
  }

  async #enter(device: Device, epoch: Epoch): Promise<void> {
    const sent = this.#sent.get(epoch)
    const leaf = epoch.tree.find((one) => one.device === device.id)
    if (sent === undefined || leaf === undefined)
      return this.#fail(`${device.id} enters ${epoch.id}, which nobody made`)
    const isNew = epoch.parent === undefined || !epoch.parent.tree.includes(leaf)
    const state = isNew ? await this.#join(device, leaf, sent) : await this.#process(device, epoch, sent)
    if (!state.ok) return this.#fail(`${device.id} cannot enter ${epoch.id}: ${state.reason}`)
    if (state.value.epochId !== sent.epochId) this.#fail(`${device.id} in another epoch than ${epoch.id}`)
    this.counts.entered++
    this.#statesOf(device).set(epoch, state.value)
  }

  async #join(device: Device, leaf: GrantedLeaf, { welcome = new Uint8Array() }: Sent): ReturnType<Group<S>['join']> {
    const { key: _, ...self } = this.#personOf(device)
    return this.#group.join({ welcome, keyPackage: await this.#packageOf(leaf), self, verify })
  }

  async #process(device: Device, epoch: Epoch, { commit }: Sent): ReturnType<Group<S>['join']> {
    const parent = epoch.parent && this.#statesOf(device).get(epoch.parent)
    if (parent === undefined) return { ok: false, reason: 'wrong-epoch' }
    const processed = await this.#group.processCommit(parent, commit, { verify })
    return processed.ok ? { ok: true, value: processed.value.child } : processed
  }

  async #seal(device: Device, message: Message): Promise<void> {
    const state = this.#statesOf(device).get(message.epoch)
    if (state === undefined) return this.#fail(`${device.id} seals in ${message.epoch.id} without it`)
    const sealed = await this.#group.seal(state, utf8ToBytes(`message ${message.number}`))
    this.counts.sealed++
    this.#statesOf(device).set(message.epoch, sealed.state)
    this.#messages.set(message, sealed.message)
  }

  async #open(device: Device, message: Message): Promise<void> {
    const bytes = this.#messages.get(message)
    const state = this.#statesOf(device).get(message.epoch)
    if (bytes === undefined || state === undefined)
      return this.#fail(`${device.id} opens message ${message.number} without its epoch`)
    const opened = await this.#group.open(state, bytes)
    if (!opened.ok) return this.#fail(`${device.id} cannot open message ${message.number}: ${opened.reason}`)
    if (opened.value.sender !== this.#personOf(message.author).key)
      this.#fail(`message ${message.number} by somebody else`)
    this.counts.opened++
    this.#statesOf(device).set(message.epoch, opened.value.state)
  }

  /** Now and then a device starts again from what it stored. */
  #restart(device: Device, epoch: Epoch | undefined): void {
    const state = epoch && this.#statesOf(device).get(epoch)
    if (epoch === undefined || state === undefined || this.#random(8) > 0) return
    const stored = this.#group.decodeState(this.#group.encodeState(state))
    if (!stored.ok) return this.#fail(`${device.id} cannot read its state of ${epoch.id}: ${stored.reason}`)
    this.counts.restarts++
    this.#statesOf(device).set(epoch, stored.value)
  }

  /** Whoever holds a parent and is not in the child cannot enter it; whoever is not in a message's epoch opens it with nothing. */
  async #lookAtOutsiders(): Promise<void> {
    for (const [device, states] of this.#states) {
      for (const [epoch, { commit }] of this.#sent) {
        const state = epoch.parent && states.get(epoch.parent)
        if (state === undefined || epoch.tree.some((leaf) => leaf.device === device.id)) continue
        const entered = await this.#group.processCommit(state, commit, { verify })
        if (entered.ok) this.#fail(`${device.id} entered ${epoch.id}, which removed it`)
        this.counts.refused++
      }
      for (const [message, bytes] of this.#messages) {
        if (message.epoch.tree.some((leaf) => leaf.device === device.id) || this.#random(4) > 0) continue
        for (const state of states.values()) {
          const opened = await this.#group.open(state, bytes)
          if (opened.ok) this.#fail(`${device.id} read message ${message.number}, which was not for it`)
          this.counts.refused++
        }
      }
    }
  }

  /** Every state that is left has the leaves that the rules say. */
  #lookAtRosters(): void {
    for (const [device, states] of this.#states)
      for (const [epoch, state] of states) {
        const devices = epoch.tree.map((leaf) => this.#personOf(this.#deviceOf(leaf)).key)
        const roster = this.#group.roster(state).map((member) => member.device)
        if (devices.toSorted().join() !== roster.toSorted().join())
          this.#fail(`${device.id} has another roster in ${epoch.id}`)
      }
  }

  async #publicOf(leaves: readonly GrantedLeaf[]): Promise<Uint8Array[]> {
    const packages = await Promise.all(leaves.map(async (leaf) => this.#packageOf(leaf)))
    return packages.map((one) => one.public)
  }

  /** One key package for each leaf: a re-join is another leaf. */
  async #packageOf(leaf: GrantedLeaf): Promise<OwnKeyPackage> {
    const known = this.#packages.get(leaf)
    if (known !== undefined) return known
    const { key: _, ...self } = this.#personOf(this.#deviceOf(leaf))
    const made = await this.#group.createKeyPackage({ self, ...FOREVER })
    this.#packages.set(leaf, made)
    return made
  }

  #deviceOf({ device }: GrantedLeaf): Device {
    const found = this.#world.devices.find(({ id }) => id === device)
    if (found === undefined) throw new Error(`no device ${device}`)
    return found
  }

  #personOf(device: Device): Person {
    const known = this.#people.get(device)
    if (known !== undefined) return known
    const person = personOf(device)
    this.#people.set(device, person)
    return person
  }

  #statesOf(device: Device): Map<Epoch, S> {
    const known = this.#states.get(device)
    if (known !== undefined) return known
    const states = new Map<Epoch, S>()
    this.#states.set(device, states)
    return states
  }

  #fail(text: string): void {
    this.failures.push(text)
  }
}
