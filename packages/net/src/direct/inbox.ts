import { MAX_CREDIT_BYTES } from '@sotto/wire'

/** Credit goes back in pieces of this size, or when nothing waits. */
const GRANT_BYTES = MAX_CREDIT_BYTES / 4
/** Envelopes that may wait at once, however small they are. */
export const MAX_WAITING_HERE = 1_024
/** Envelopes one after the other, within a minute, that nothing here opens or stores: whoever sends more of them has nothing to say. */
export const MAX_REFUSED_IN_A_ROW = 64
const REFUSED_MS = 60_000

export interface InboxInit {
  /** True once the envelope is held durably. */
  take(envelope: Uint8Array): Promise<boolean>
  /** Everything up to that number is held, but for what was refused. */
  ack(number: number): void
  /** That one is not held. */
  refuse(number: number): void
  grant(bytes: number): void
  /** The other side broke the rules, or sent too many envelopes in a row that could not be taken; nothing follows. */
  fault(): void
  /** Monotonic, ms. */
  now(): number
}

/** The receiving half of an events stream: envelopes are taken one after the other, and credit is given back as they are. */
export class Inbox {
  readonly #init: InboxInit
  #received = 0
  #waiting = 0
  /** Credit that the other side has left. */
  #granted = 0
  /** Bytes of envelopes that were taken, and not granted again yet. */
  #freed = 0
  #tail: Promise<void> = Promise.resolve()
  #refusedInARow = 0
  #refusedSince = -Infinity
  #isOver = false

  constructor(init: InboxInit) {
    this.#init = init
  }

  open(): void {
    this.#granted = MAX_CREDIT_BYTES
    this.#init.grant(MAX_CREDIT_BYTES)
  }

  receive(number: number, envelope: Uint8Array): void {
    if (this.#isOver) return
    this.#granted -= envelope.length
    this.#waiting += 1
    const isNext = number === this.#received + 1
    if (!isNext || this.#granted < 0 || this.#waiting > MAX_WAITING_HERE) return this.#end()
    this.#received = number
    this.#tail = this.#tail.then(() => this.#take(number, envelope))
  }

  async #take(number: number, envelope: Uint8Array): Promise<void> {
    if (this.#isOver) return
    let isHeld = false
    try {
      isHeld = await this.#init.take(envelope)
    } catch {
      // Our own store failed: it is not held, and the other side keeps it.
    }
    if (!this.#isBearable(isHeld)) return this.#end()
    this.#waiting -= 1
    this.#freed += envelope.length
    if (isHeld) this.#init.ack(number)
    else this.#init.refuse(number)
    if (this.#freed < GRANT_BYTES && this.#waiting > 0) return
    this.#granted += this.#freed
    this.#init.grant(this.#freed)
    this.#freed = 0
  }

  /** Honest ones try again now and then what cannot be taken; they do not go on and on. */
  #isBearable(isHeld: boolean): boolean {
    const now = this.#init.now()
    if (isHeld || now - this.#refusedSince > REFUSED_MS) this.#refusedInARow = 0
    if (isHeld) return true
    if (this.#refusedInARow === 0) this.#refusedSince = now
    this.#refusedInARow += 1
    return this.#refusedInARow <= MAX_REFUSED_IN_A_ROW
  }

  #end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#init.fault()
  }
}
