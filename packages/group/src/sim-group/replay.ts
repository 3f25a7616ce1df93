import type { Change } from '../commit.ts'
import type { Epoch } from '../rules/epoch.ts'
import type { GrantedLeaf } from '../rules/node.ts'
import type { Device, Happening, Message, World } from '../sim-rules/world.ts'
import type { AnyState, Group } from '../symbolic/group.ts'
import { Entrance } from './entrance.ts'
import { Mail } from './mail.ts'
import { lookAtEnd } from './oracles.ts'
import { verify } from './people.ts'
import type { GroupPlants } from './plants.ts'
import { NOW, Stage } from './stage.ts'

const KEPT_BY_MISTAKE = 4

/** A played world once more, with a group engine: every device holds, makes and deletes the states that it held, made and deleted there. */
export class Replay<S extends AnyState> {
  readonly stage: Stage<S>
  readonly #plants: GroupPlants
  readonly #entrance: Entrance<S>
  readonly #mail: Mail<S>

  constructor(group: Group<S>, world: World, plants: GroupPlants = {}) {
    this.stage = new Stage(group, world)
    this.#plants = plants
    this.#entrance = new Entrance(this.stage)
    this.#mail = new Mail(this.stage)
  }

  async run(): Promise<void> {
    const { stage } = this
    await this.#begin()
    for (const happening of stage.world.happenings) {
      this.#restart(happening.device)
      const before = happening.type === 'seal' ? this.#stateFor(happening) : undefined
      await this.#take(happening)
      if (this.#plants.storesLate === true && before !== undefined && stage.isOnceIn(3))
        stage.statesOf(happening.device).set(before.epoch, before.state)
      if (this.#plants.fourKeptEpochs === true) this.#keepFew(happening.device)
    }
    await lookAtEnd(stage)
  }

  #take(happening: Happening): Promise<void> | void {
    const { stage } = this
    switch (happening.type) {
      case 'seal':
        return this.#mail.seal(happening.device, happening.message)
      case 'open':
        return this.#mail.open(happening.device, happening.message)
      case 'enter':
        return this.#entrance.enter(happening.device, happening.epoch)
      case 'shut':
        return this.#entrance.standOutside(happening.device, happening.epoch)
      case 'commit':
        return this.#commit(happening)
      case 'forget':
        stage.statesOf(happening.device).delete(happening.epoch)
        return
      case 'copy':
        stage.stolen.set(happening.device, new Map(stage.statesOf(happening.device)))
        return
    }
  }

  /** The first device founds the group and adds all others at once. */
  async #begin(): Promise<void> {
    const { group, world, conversation } = this.stage
    const first = world.arena.nodes[0]?.epoch
    const [founder] = world.devices
    if (first === undefined || founder === undefined) throw new Error('nobody begins')
    const { key, ...self } = this.stage.personOf(founder)
    const alone = await group.found({ conversation, self, verify })
    if (!alone.ok) throw new Error(`founding ${key}: ${alone.reason}`)
    const others = first.tree.filter(({ device }) => device !== founder.id)
    const change = { add: await this.#publicOf(others), verify }
    const made = await group.commit(alone.value, change, { opensGeneration: true })
    if (!made.ok) throw new Error(`founding: ${made.reason}`)
    const { child, commit, welcome } = made.value
    this.stage.statesOf(founder).set(first, child)
    this.stage.sent.set(first, { commit, welcome, epochId: child.epochId })
    for (const leaf of others) await this.#entrance.enter(this.stage.deviceOf(leaf), first)
  }

  async #commit({ device, epoch, isOld }: Happening & { type: 'commit' }): Promise<void> {
    const { stage } = this
    const { parent } = epoch
    const own = parent && stage.statesOf(device).get(parent)
    const state = (isOld && parent !== undefined && stage.stolen.get(device)?.get(parent)) || own
    if (parent === undefined || own === undefined || state === undefined)
      return stage.fail('no-state', `${device.id} commits ${epoch.id} without its parent`)
    if (!device.isEvil) await this.#tryExpired(device, state, epoch)
    const change = await this.#changeOf(epoch, parent)
    const options = { opensGeneration: stage.isOnceIn(5) }
    // A crash before anything is stored: it was never made.
    if (stage.isOnceIn(10)) await stage.group.commit(state, change, options)
    const made = await stage.group.commit(state, change, options)
    if (!made.ok) return stage.fail('no-commit', `${device.id} cannot commit ${epoch.id}: ${made.reason}`)
    stage.count('commits')
    const { child, commit, welcome } = made.value
    stage.statesOf(device).set(parent, isOld ? own : made.value.parent)
    stage.sent.set(epoch, { commit, welcome, epochId: child.epochId })
    if (this.#plants.ownCommitProcessed === true) return this.#entrance.enter(device, epoch)
    stage.statesOf(device).set(epoch, child)
    await this.#entrance.welcomeEarly(epoch)
  }

  async #changeOf(epoch: Epoch, parent: Epoch): Promise<Change> {
    const { stage } = this
    const barred = stage.world.harms.get(epoch.node)?.barred
    const add: Uint8Array[] = []
    for (const leaf of addedIn(epoch, parent)) {
      // Whom a malicious committer shuts out it adds by keys that the newcomer has lost.
      const isLost = barred?.has(stage.deviceOf(leaf)) === true
      if (isLost) stage.count('stale key packages')
      const made = isLost ? await stage.lostPackageOf(leaf) : await stage.packageOf(leaf)
      add.push(made.public)
    }
    return { add, remove: epoch.removed.map((leaf) => stage.personOf(stage.deviceOf(leaf)).key), verify }
  }

  /** Now and then what comes for a newcomer is over: nobody honest adds by that. */
  async #tryExpired(device: Device, state: S, epoch: Epoch): Promise<void> {
    const { stage } = this
    const [leaf] = epoch.parent === undefined ? [] : addedIn(epoch, epoch.parent)
    if (leaf === undefined || !stage.isOnceIn(3)) return
    const { public: add } = await stage.expiredPackageOf(leaf)
    const made = await stage.group.commit(state, { add: [add], verify, now: NOW }, { opensGeneration: false })
    if (made.ok) stage.fail('expired', `${device.id} added by a key package that is over`)
    stage.count('expired key packages refused')
  }

  async #publicOf(leaves: readonly GrantedLeaf[]): Promise<Uint8Array[]> {
    const packages = await Promise.all(leaves.map(async (leaf) => this.stage.packageOf(leaf)))
    return packages.map((one) => one.public)
  }

  /** Now and then a device starts again from what it stored, all of it. */
  #restart(device: Device): void {
    const { stage } = this
    if (!stage.isOnceIn(50)) return
    const states = stage.statesOf(device)
    for (const [epoch, state] of states) {
      const stored = stage.group.decodeState(stage.group.encodeState(state))
      if (stored.ok) states.set(epoch, stored.value)
      else stage.fail('damaged', `${device.id} cannot read its state of ${epoch.id}: ${stored.reason}`)
    }
    stage.count('restarts')
  }

  #stateFor({
    device,
    message: { epoch },
  }: Happening & { readonly message: Message }): { epoch: Epoch; state: S } | undefined {
    const state = this.stage.statesOf(device).get(epoch)
    return state && { epoch, state }
  }

  #keepFew(device: Device): void {
    const states = this.stage.statesOf(device)
    for (const epoch of [...states.keys()].slice(0, -KEPT_BY_MISTAKE)) states.delete(epoch)
  }
}

function addedIn(epoch: Epoch, parent: Epoch): readonly GrantedLeaf[] {
  return epoch.tree.filter((leaf) => !parent.tree.includes(leaf))
}
