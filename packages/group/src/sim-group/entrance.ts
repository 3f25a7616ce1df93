import type { Epoch } from '../rules/epoch.ts'
import type { GrantedLeaf } from '../rules/node.ts'
import type { Device } from '../sim-rules/world.ts'
import type { AnyState, Group } from '../symbolic/group.ts'
import { damaged } from './damage.ts'
import { verify } from './people.ts'
import type { Sent, Stage } from './stage.ts'

type Entered<S extends AnyState> = Awaited<ReturnType<Group<S>['join']>>

/** How devices come into epochs, by commits and Welcomes that arrive damaged, early, twice, or not as they should be. */
export class Entrance<S extends AnyState> {
  readonly #stage: Stage<S>
  /** States of those who had their Welcome before they knew why. */
  readonly #early = new Map<GrantedLeaf, Map<Epoch, S>>()

  constructor(stage: Stage<S>) {
    this.#stage = stage
  }

  async enter(device: Device, epoch: Epoch): Promise<void> {
    const stage = this.#stage
    const place = placeIn(device, epoch, stage.sent.get(epoch))
    if (place === undefined)
      return stage.fail('no-state', `${device.id} enters ${epoch.id}, which nobody made or it is not in`)
    if (stage.isOnceIn(8)) await this.#tryDamaged(device, epoch, place)
    // A crash before anything is stored.
    if (stage.isOnceIn(30)) await this.#try(device, epoch, place)
    const early = this.#early.get(place.leaf)?.get(epoch)
    const entered: Entered<S> = early === undefined ? await this.#try(device, epoch, place) : { ok: true, value: early }
    if (!entered.ok) return stage.fail('unreadable', `${device.id} cannot enter ${epoch.id}: ${entered.reason}`)
    if (entered.value.epochId !== place.sent.epochId)
      stage.fail('another-epoch', `${device.id} in another epoch than ${epoch.id}`)
    stage.count('entered')
    stage.statesOf(device).set(epoch, entered.value)
    if (stage.isOnceIn(20)) await this.#tryAgain(device, epoch, place)
  }

  /** What a malicious committer left for somebody whom it shut out lets nobody in, and costs no state. */
  async standOutside(device: Device, epoch: Epoch): Promise<void> {
    const stage = this.#stage
    const place = placeIn(device, epoch, stage.sent.get(epoch))
    if (place === undefined) return stage.count('commits without anything behind them')
    if (!place.isNew) return this.#tryDamaged(device, epoch, place)
    // Added by keys that it has lost.
    const joined = await this.#try(device, epoch, place)
    if (joined.ok) stage.fail('harm', `${device.id} entered ${epoch.id} by keys that it does not have`)
    stage.count('shut out')
  }

  /** Some newcomers get their Welcome before they hear of the commit. */
  async welcomeEarly(epoch: Epoch): Promise<void> {
    const stage = this.#stage
    const sent = stage.sent.get(epoch)
    for (const leaf of epoch.tree) {
      if (sent === undefined || epoch.parent?.tree.includes(leaf) === true || !stage.isOnceIn(3)) continue
      const device = stage.deviceOf(leaf)
      const joined = await this.#try(device, epoch, { leaf, isNew: true, sent })
      if (!joined.ok) continue
      stage.count('early Welcomes')
      this.#early.set(leaf, new Map(this.#early.get(leaf)).set(epoch, joined.value))
    }
  }

  async #try(device: Device, epoch: Epoch, { leaf, isNew, sent }: Place): Promise<Entered<S>> {
    const { group } = this.#stage
    if (isNew) {
      const { key: _, ...self } = this.#stage.personOf(device)
      const keyPackage = await this.#stage.packageOf(leaf)
      return group.join({ welcome: sent.welcome ?? new Uint8Array(), keyPackage, self, verify })
    }
    const parent = epoch.parent && this.#stage.statesOf(device).get(epoch.parent)
    if (parent === undefined) return { ok: false, reason: 'wrong-epoch' }
    const processed = await group.processCommit(parent, sent.commit, { verify })
    return processed.ok ? { ok: true, value: processed.value.child } : processed
  }

  /** Damaged bytes are refused, or what was damaged was meant for somebody else. */
  async #tryDamaged(device: Device, epoch: Epoch, { sent, ...place }: Place): Promise<void> {
    const stage = this.#stage
    const welcome = sent.welcome && damaged(stage.random, sent.welcome)
    const entered = await this.#try(device, epoch, {
      ...place,
      sent: { ...sent, commit: damaged(stage.random, sent.commit), welcome },
    })
    if (entered.ok && (!place.isNew || entered.value.epochId !== sent.epochId))
      stage.fail('damaged', `${device.id} entered ${epoch.id} by damaged bytes`)
    stage.count(place.isNew ? 'damaged Welcomes' : 'damaged commits')
  }

  /** The same commit or Welcome again makes the same epoch; a device keeps the state that it has. */
  async #tryAgain(device: Device, epoch: Epoch, place: Place): Promise<void> {
    const stage = this.#stage
    const again = await this.#try(device, epoch, place)
    if (!again.ok || again.value.epochId !== place.sent.epochId)
      stage.fail('another-epoch', `${device.id} got elsewhere by ${epoch.id} once more`)
    stage.count(place.isNew ? 'Welcomes twice' : 'commits twice')
  }
}

/** The leaf of somebody who comes into an epoch, and by what. */
interface Place {
  readonly leaf: GrantedLeaf
  readonly isNew: boolean
  readonly sent: Sent
}

function placeIn({ id }: Device, { tree, parent }: Epoch, sent: Sent | undefined): Place | undefined {
  const leaf = tree.find((one) => one.device === id)
  if (leaf === undefined || sent === undefined) return undefined
  return { leaf, isNew: parent === undefined || !parent.tree.includes(leaf), sent }
}
