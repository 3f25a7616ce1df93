import type { Client } from '@sotto/client'
import type { ReadonlyStore } from '@sotto/interface'
import { sentenceOf } from '../client/sentence-of.ts'
import { writableStore } from '../client/writable-store.ts'
import { createLeadership } from './leadership.ts'
import type { Leadership } from './leadership.ts'
import { openWhenFree } from './open-when-free.ts'
import type { Missing } from './support.ts'

/** This browser's messages, opened, and not yet online. `phrase` only when the account was made just now. */
export interface Opened {
  readonly client: Client
  readonly phrase: string | undefined
}

export type SessionState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'unsupported'; readonly missing: readonly Missing[] }
  | { readonly kind: 'elsewhere'; readonly takingOver: boolean }
  | { readonly kind: 'failed'; readonly sentence: string }
  | ({ readonly kind: 'running' } & Opened)

export interface Session {
  readonly state: ReadonlyStore<SessionState>
  start(): Promise<void>
  takeOver(): void
}

export interface SessionParts {
  missing(): Promise<readonly Missing[]>
  open(): Promise<Opened>
  /** Asked for only when nothing is missing. */
  locks(): LockManager
}

/** Decides what the page is: not possible here, open in another tab, or a running messenger. */
export function createSession(parts: SessionParts): Session {
  const state = writableStore<SessionState>({ kind: 'starting' })
  let leadership: Leadership | undefined
  let running: Promise<Client | undefined> = Promise.resolve(undefined)

  /** Opens and goes online. What fails is shown and leaves nothing open. */
  async function run(): Promise<Client | undefined> {
    state.set({ kind: 'starting' })
    let client: Client | undefined
    try {
      const opened = await openWhenFree(parts.open)
      client = opened.client
      state.set({ kind: 'running', ...opened })
      await client.start()
      return client
    } catch (error) {
      state.set({ kind: 'failed', sentence: sentenceOf(error) })
      await client?.stop().catch(() => undefined)
      return undefined
    }
  }

  /** Ends what runs, or is about to; afterwards the store is free for another tab. */
  async function stop(): Promise<void> {
    const client = await running
    running = Promise.resolve(undefined)
    state.set({ kind: 'elsewhere', takingOver: false })
    // The tab that takes over must not wait for ever for one that cannot stop: the store's own lock decides then.
    await client?.stop().catch(() => undefined)
  }

  return {
    state,
    async start() {
      const missing = await parts.missing()
      if (missing.length > 0) return state.set({ kind: 'unsupported', missing })
      leadership = createLeadership(parts.locks(), {
        onLead: () => void (running = run()),
        onFollow: () => state.set({ kind: 'elsewhere', takingOver: false }),
        stepDown: stop,
        onLost: () => void stop(),
      })
      leadership.start()
    },
    takeOver() {
      state.set({ kind: 'elsewhere', takingOver: true })
      leadership?.takeOver()
    },
  }
}
