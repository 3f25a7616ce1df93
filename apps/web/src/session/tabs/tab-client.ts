import type { Answer, Ask, ClientSnapshot, ConversationSnapshot, Fact, IntentName } from '@sotto/client'
import { SottoError } from '@sotto/interface'
import type { ConversationId, ReadonlyStore } from '@sotto/interface'
import type { PageClient } from '../../client/client-context.ts'
import { writableStore } from '../../client/writable-store.ts'
import type { Asked, Outcome } from './messages.ts'
import { interrupted, isRepeatable } from './repeatable.ts'
import { Rooms } from './rooms.ts'

/** Who carries out what the page asks for: the client in this tab, or the tab that leads. */
export interface Upstream {
  ask(asked: Asked): void
  watch(id: ConversationId): void
  unwatch(id: ConversationId): void
}

interface Pending {
  readonly asked: Asked
  /** Somebody may have begun with it. */
  isSent: boolean
  resolve(answer: unknown): void
  reject(error: Error): void
}

/**
 * The client as a page sees it, whichever tab leads: it stays the same object when the lead moves on, shows what it knew
 * until there is news, and keeps what was asked until somebody has answered.
 */
export class TabClient implements PageClient {
  readonly #known = writableStore<ClientSnapshot | undefined>(undefined)
  readonly #listeners = new Set<(fact: Fact) => void>()
  readonly #pending = new Map<string, Pending>()
  readonly #rooms: Rooms = new Rooms({
    summary: (id) => this.#known.get()?.conversations.find((one) => one.conversation === id),
    opened: (id) => this.#upstream?.watch(id),
    left: (id) => this.#upstream?.unwatch(id),
  })
  #upstream: Upstream | undefined

  /** Not to be read before {@link TabClient.isKnown}. */
  readonly snapshot: ReadonlyStore<ClientSnapshot> = {
    subscribe: (changed) => this.#known.subscribe(changed),
    get: () => {
      const known = this.#known.get()
      if (!known) throw new Error('nothing is known yet')
      return known
    },
  }

  get isKnown(): boolean {
    return this.#known.get() !== undefined
  }

  conversation(id: ConversationId): ReadonlyStore<ConversationSnapshot> {
    return this.#rooms.of(id)
  }

  subscribe(listener: (fact: Fact) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  do<N extends IntentName>(name: N, ask: Ask<N>): Promise<Answer<N>> {
    const id = randomKey()
    // By this key the client knows a message that it is told to send again.
    const asked = { id, name, ask: name === 'send' ? { once: id, ...ask } : ask }
    return new Promise<Answer<N>>((resolve, reject) => {
      const entry = { asked, isSent: false, resolve: resolve as (answer: unknown) => void, reject }
      this.#pending.set(id, entry)
      this.#pass(entry)
    })
  }

  /**
   * Somebody leads from now on. What may have been begun elsewhere is asked again only where that does no harm. After the
   * answer is called nobody leads, and what is asked waits.
   */
  attach(upstream: Upstream): () => void {
    this.#upstream = upstream
    for (const id of this.#rooms.open) upstream.watch(id)
    for (const [id, entry] of this.#pending) {
      if (!entry.isSent || isRepeatable(entry.asked.name)) this.#pass(entry)
      else {
        this.#pending.delete(id)
        entry.reject(interrupted())
      }
    }
    return () => {
      if (this.#upstream === upstream) this.#upstream = undefined
    }
  }

  show(snapshot: ClientSnapshot): void {
    this.#known.set(snapshot)
  }

  showRoom(id: ConversationId, snapshot: ConversationSnapshot): void {
    this.#rooms.show(id, snapshot)
  }

  tell(fact: Fact): void {
    for (const listener of this.#listeners) listener(fact)
  }

  settle(id: string, outcome: Outcome): void {
    const entry = this.#pending.get(id)
    if (!entry) return
    if (outcome.kind === 'later') {
      entry.isSent = false
      return
    }
    this.#pending.delete(id)
    if (outcome.kind === 'done') entry.resolve(outcome.answer)
    else entry.reject(new SottoError(outcome.code, outcome.message))
  }

  #pass(entry: Pending): void {
    if (!this.#upstream) return
    entry.isSent = true
    this.#upstream.ask(entry.asked)
  }
}

/** 32 random bytes in hex. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
