import { nextWake } from '@sotto/core'
import type { Clock, ConversationId } from '@sotto/interface'
import type { Conversation } from './conversation/conversation.ts'

/** Sooner than this nothing is due: a clock that stands still must not spin. */
const SOONEST_MS = 50

/** The conversations' own moments: a gap to declare, a receipt to send, a head record to renew. One timer each. */
export class Ticks {
  readonly #clock: Clock
  readonly #background: (work: () => Promise<unknown>) => void
  readonly #timers = new Map<ConversationId, () => void>()
  #isRunning = false

  constructor(clock: Clock, background: (work: () => Promise<unknown>) => void) {
    this.#clock = clock
    this.#background = background
  }

  start(): void {
    this.#isRunning = true
  }

  stop(): void {
    this.#isRunning = false
    for (const cancel of this.#timers.values()) cancel()
    this.#timers.clear()
  }

  cancel(conversation: ConversationId): void {
    this.#timers.get(conversation)?.()
    this.#timers.delete(conversation)
  }

  /** Sets the timer for what core says is next, in place of the one before. */
  later(conversation: Conversation): void {
    this.cancel(conversation.id)
    const at = nextWake(conversation.state)
    if (at === undefined || !this.#isRunning) return
    const wait = Math.max(SOONEST_MS, at - this.#clock.now())
    this.#timers.set(
      conversation.id,
      this.#clock.after(wait, () => this.#background(() => this.#tick(conversation))),
    )
  }

  #tick(conversation: Conversation): Promise<void> {
    return conversation.lane.run(async () => {
      try {
        await conversation.step({ type: 'tick', now: this.#clock.now() })
      } finally {
        this.later(conversation)
      }
    })
  }
}
