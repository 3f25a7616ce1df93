import type { Clock } from '@sotto/interface'
import type { Conversation } from '../conversation/conversation.ts'
import { hourly } from '../hourly.ts'
import { isLookDue } from './attendance.ts'
import { lookAround } from './look.ts'

export interface WatchInit {
  readonly clock: Clock
  background(work: () => Promise<unknown>): void
  conversations(): Iterable<Conversation>
  /** Everything of it that lies at a relay has been read. */
  isCurrent(conversation: Conversation): boolean
}

/** Looks from time to time who has owed a word for long, in every conversation that is up to date. */
export class Watch {
  readonly #init: WatchInit
  #cancel: (() => void) | undefined

  constructor(init: WatchInit) {
    this.#init = init
  }

  start(): void {
    this.#cancel = hourly(this.#init.clock, () => {
      for (const conversation of this.#init.conversations()) this.attend(conversation)
    })
  }

  stop(): void {
    this.#cancel?.()
  }

  attend(conversation: Conversation): void {
    const { background, isCurrent } = this.#init
    if (conversation.control === undefined || !isCurrent(conversation) || !isLookDue(conversation)) return
    background(() => conversation.lane.run(() => lookAround(conversation)))
  }
}
