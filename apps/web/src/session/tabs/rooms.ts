import type { ConversationSnapshot, ConversationSummary } from '@sotto/client'
import { SottoError } from '@sotto/interface'
import type { ConversationId, ReadonlyStore } from '@sotto/interface'
import { writableStore } from '../../client/writable-store.ts'
import type { WritableStore } from '../../client/writable-store.ts'

export interface RoomsInit {
  summary(id: ConversationId): ConversationSummary | undefined
  /** Somebody begins to look at it. */
  opened(id: ConversationId): void
  /** Nobody looks at it any more. */
  left(id: ConversationId): void
}

/** The conversations that this page looks at; each keeps its rows while the lead moves from tab to tab. */
export class Rooms {
  readonly #init: RoomsInit
  readonly #rooms = new Map<ConversationId, WritableStore<ConversationSnapshot>>()

  constructor(init: RoomsInit) {
    this.#init = init
  }

  get open(): readonly ConversationId[] {
    return [...this.#rooms.keys()]
  }

  /** Empty until its rows come. Throws `unknown-conversation`. */
  of(id: ConversationId): ReadonlyStore<ConversationSnapshot> {
    const known = this.#rooms.get(id)
    if (known) return this.#counted(id, known)
    const summary = this.#init.summary(id)
    if (!summary) throw new SottoError('unknown-conversation', 'There is no such conversation here.')
    const room = writableStore<ConversationSnapshot>({ ...summary, rows: [], hasOlder: false, former: [] })
    this.#rooms.set(id, room)
    this.#init.opened(id)
    return this.#counted(id, room)
  }

  show(id: ConversationId, snapshot: ConversationSnapshot): void {
    this.#rooms.get(id)?.set(snapshot)
  }

  #counted(id: ConversationId, room: WritableStore<ConversationSnapshot>): ReadonlyStore<ConversationSnapshot> {
    return {
      get: room.get,
      subscribe: (changed) => {
        if (!this.#rooms.has(id)) {
          this.#rooms.set(id, room)
          this.#init.opened(id)
        }
        const leave = room.subscribe(changed)
        return () => {
          leave()
          if (room.isWatched() || !this.#rooms.delete(id)) return
          this.#init.left(id)
        }
      },
    }
  }
}
