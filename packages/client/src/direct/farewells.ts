import type { DeviceId, ThingId } from '@sotto/interface'
import type { Conversation } from '../conversation/conversation.ts'
import { commitWithout, farewellTo, type Farewell } from '../groups/farewell.ts'
import { innerOf } from '../groups/say.ts'
import type { Path } from './path.ts'

/** How far a device has been told that it is out by that commit, in this run, over whichever path. */
interface Telling {
  readonly commit: ThingId
  readonly held: Set<ThingId>
  /** Under which something was taken. */
  generation: string | undefined
  isRunning: boolean
  isOver: boolean
}

export interface FarewellsInit {
  pathTo(device: DeviceId): Path | undefined
  background(work: () => Promise<unknown>): void
}

/**
 * Whoever is out learns that from all who are connected to it, and nothing else: who has put it out may not be, and no relay may answer. One thing after the
 * other, each once, and none after one that it does not take.
 */
export class Farewells {
  readonly #init: FarewellsInit
  /** By device and conversation. */
  readonly #tellings = new Map<string, Telling>()

  constructor(init: FarewellsInit) {
    this.#init = init
  }

  say(conversation: Conversation): void {
    for (const device of goneFrom(conversation)) {
      const path = this.#init.pathTo(device)
      const commit = path && conversation.control && commitWithout(conversation.control, device)
      if (path === undefined || commit === undefined) continue
      const telling = this.#telling(`${device} ${conversation.id}`, commit.thing.id)
      if (telling.isRunning || telling.isOver) continue
      if (telling.generation !== undefined && !path.hasRoom(conversation, telling.generation)) continue
      telling.isRunning = true
      this.#init.background(async () => {
        try {
          const farewell = await farewellTo(conversation, device, commit)
          telling.isOver = farewell === undefined || (await this.#tell(conversation, path, farewell, telling))
        } finally {
          telling.isRunning = false
        }
        // Another path has taken the place of this one meanwhile.
        if (!telling.isOver && this.#init.pathTo(device) !== path) this.say(conversation)
      })
    }
  }

  #telling(name: string, commit: ThingId): Telling {
    const known = this.#tellings.get(name)
    if (known?.commit === commit) return known
    const telling = { commit, held: new Set<ThingId>(), generation: undefined, isRunning: false, isOver: false }
    this.#tellings.set(name, telling)
    return telling
  }

  /** True when everything has been taken. */
  async #tell(
    conversation: Conversation,
    path: Path,
    { things, generations }: Farewell,
    telling: Telling,
  ): Promise<boolean> {
    const { held } = telling
    for (const kept of things) {
      if (held.has(kept.thing.id)) continue
      // Until something is taken, it may not have those keys.
      const open = telling.generation === undefined ? generations : [telling.generation]
      telling.generation = await this.#takenUnder(conversation, path, innerOf(kept), open)
      if (telling.generation === undefined) {
        telling.generation = held.size > 0 ? open[0] : undefined
        return false
      }
      held.add(kept.thing.id)
    }
    return true
  }

  async #takenUnder(
    conversation: Conversation,
    path: Path,
    inner: Uint8Array,
    generations: readonly string[],
  ): Promise<string | undefined> {
    for (const generation of generations) {
      if (!path.hasRoom(conversation, generation)) continue
      if (await path.carry(conversation, { inner, generation })) return generation
    }
    return undefined
  }
}

/** The devices that were in under keys that are kept here, and are in no more. */
export function goneFrom({ control, row, peerDevices, generations, state }: Conversation): ReadonlySet<DeviceId> {
  if (control === undefined || row.phase !== 'active') return new Set()
  const there = new Set([state.self, ...peerDevices])
  return new Set(generations.flatMap(({ devices }) => devices).filter((device) => !there.has(device)))
}
