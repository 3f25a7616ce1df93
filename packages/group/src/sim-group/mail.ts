import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { Device, Message } from '../sim-rules/world.ts'
import type { AnyState } from '../symbolic/group.ts'
import { damaged } from './damage.ts'
import type { Stage } from './stage.ts'

/** Messages, of which some arrive damaged or twice, and of some authors two under one key. */
export class Mail<S extends AnyState> {
  readonly #stage: Stage<S>
  /** Epochs in which a thief seals with the keys of a copied device: only one of two such messages opens. */
  readonly #shared = new Set<string>()

  constructor(stage: Stage<S>) {
    this.#stage = stage
  }

  async seal(device: Device, message: Message): Promise<void> {
    const stage = this.#stage
    const state = stage.statesOf(device).get(message.epoch)
    if (state === undefined) return stage.fail('no-state', `${device.id} seals in ${message.epoch.id} without it`)
    const copy = stage.stolen.get(device)?.get(message.epoch)
    const isThief = copy !== undefined && stage.isOnceIn(2)
    if (copy !== undefined) this.#shared.add(nameOf(message))
    const text = utf8ToBytes(`message ${message.number}`)
    // A crash before anything is stored: nobody saw it.
    if (stage.isOnceIn(12)) await stage.group.seal(state, text)
    const sealed = await stage.group.seal(isThief ? copy : state, text)
    const isDouble = device.isEvil && stage.isOnceIn(3)
    const twin = isDouble
      ? (await stage.group.seal(isThief ? copy : state, utf8ToBytes('something else'))).message
      : undefined
    stage.count('sealed')
    if (twin !== undefined) stage.count('messages with a twin')
    if (isThief) stage.stolen.set(device, new Map(stage.stolen.get(device)).set(message.epoch, sealed.state))
    else stage.statesOf(device).set(message.epoch, sealed.state)
    stage.openedBy(device).add(message)
    stage.letters.set(message, { bytes: sealed.message, twin })
  }

  async open(device: Device, message: Message): Promise<void> {
    const stage = this.#stage
    const letter = stage.letters.get(message)
    if (letter === undefined || !stage.statesOf(device).has(message.epoch))
      return stage.fail('no-state', `${device.id} opens message ${message.number} without its epoch`)
    if (stage.isOnceIn(8)) await this.#openDamaged(device, message, letter.bytes)
    const isOther = letter.twin !== undefined && stage.isOnceIn(2)
    await this.#openOne(device, message, isOther ? letter.twin : letter.bytes)
    if (letter.twin !== undefined) await this.#openAgain(device, message, isOther ? letter.bytes : letter.twin)
    if (stage.isOnceIn(6)) await this.#openAgain(device, message, letter.bytes)
  }

  async #openOne(device: Device, message: Message, bytes: Uint8Array): Promise<void> {
    const stage = this.#stage
    const state = stage.statesOf(device).get(message.epoch)
    if (state === undefined) return
    const opened = await stage.group.open(state, bytes)
    if (!opened.ok) {
      if (this.#shared.has(nameOf(message))) return stage.count('keys that a thief used first')
      return stage.fail('unreadable', `${device.id} cannot open message ${message.number}: ${opened.reason}`)
    }
    if (opened.value.sender !== stage.personOf(message.author).key)
      stage.fail('wrong-author', `message ${message.number} by somebody else`)
    stage.count('opened')
    stage.openedBy(device).add(message)
    stage.statesOf(device).set(message.epoch, opened.value.state)
  }

  /** A key opens one message: the same one again, or another under it, is refused. */
  async #openAgain(device: Device, message: Message, bytes: Uint8Array): Promise<void> {
    const stage = this.#stage
    const state = stage.statesOf(device).get(message.epoch)
    if (state === undefined) return
    const opened = await stage.group.open(state, bytes)
    if (opened.ok) stage.fail('twice', `${device.id} opened message ${message.number} twice`)
    stage.count('messages twice')
  }

  async #openDamaged(device: Device, message: Message, bytes: Uint8Array): Promise<void> {
    const stage = this.#stage
    const state = stage.statesOf(device).get(message.epoch)
    if (state === undefined) return
    const opened = await stage.group.open(state, damaged(stage.random, bytes))
    if (opened.ok) stage.fail('damaged', `${device.id} opened message ${message.number}, which was damaged`)
    stage.count('damaged messages')
  }
}

function nameOf({ author, epoch }: Message): string {
  return `${author.id} ${epoch.node.id}`
}
