import type { Client } from '@sotto/client'
import type { ReadonlyStore } from '@sotto/interface'
import { sentenceOf } from '../client/sentence-of.ts'
import { writableStore } from '../client/writable-store.ts'
import { createLeadership } from './leadership.ts'
import type { Missing } from './support.ts'

export type SessionState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'unsupported'; readonly missing: readonly Missing[] }
  | { readonly kind: 'elsewhere'; readonly takingOver: boolean }
  | { readonly kind: 'failed'; readonly sentence: string }
  | { readonly kind: 'running'; readonly client: Client }

export interface Session {
  readonly state: ReadonlyStore<SessionState>
  start(): Promise<void>
  takeOver(): void
}

export interface SessionParts {
  missing(): Promise<readonly Missing[]>
  /** Opens this browser's messages; offline until the client is started. */
  open(): Promise<Client>
  readonly locks: LockManager
}

/** Decides what the page is: not possible here, open in another tab, or a running messenger. */
export function createSession(parts: SessionParts): Session {
  const state = writableStore<SessionState>({ kind: 'starting' })
  let opening: Promise<Client | undefined> | undefined

  async function run(): Promise<Client | undefined> {
    state.set({ kind: 'starting' })
    try {
      const client = await parts.open()
      state.set({ kind: 'running', client })
      await client.start()
      return client
    } catch (error) {
      state.set({ kind: 'failed', sentence: sentenceOf(error) })
      return undefined
    }
  }

  /** Ends what runs, or what is about to run; afterwards the store is free for another tab. */
  async function stop(): Promise<void> {
    const client = await opening
    opening = undefined
    state.set({ kind: 'elsewhere', takingOver: false })
    await client?.stop()
  }

  const ignore = () => undefined
  const leadership = () =>
    createLeadership(parts.locks, {
      onLead: () => void (opening = run()),
      onFollow: () => state.set({ kind: 'elsewhere', takingOver: false }),
      stepDown: () => stop().catch(ignore),
      onLost: () => void stop().catch(ignore),
    })
  let lead: ReturnType<typeof leadership> | undefined

  return {
    state,
    async start() {
      const missing = await parts.missing()
      if (missing.length > 0) return state.set({ kind: 'unsupported', missing })
      lead = leadership()
      lead.start()
    },
    takeOver() {
      state.set({ kind: 'elsewhere', takingOver: true })
      lead?.takeOver()
    },
  }
}
