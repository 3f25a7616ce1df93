import type { Client } from '@sotto/client'
import type { ReadonlyStore } from '@sotto/interface'
import type { PageClient } from '../client/client-context.ts'
import { sentenceOf } from '../client/sentence-of.ts'
import { writableStore } from '../client/writable-store.ts'
import { createGate } from './gate.ts'
import { createLeadership } from './leadership.ts'
import type { Leadership } from './leadership.ts'
import { openWhenFree } from './open-when-free.ts'
import type { Missing } from './support.ts'
import { openTabChannel } from './tabs/channel.ts'
import { follow } from './tabs/follow.ts'
import { hostTabs } from './tabs/host.ts'
import { lead } from './tabs/lead.ts'
import { TabClient } from './tabs/tab-client.ts'
import { nameTab } from './tabs/tab-lock.ts'

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
  | { readonly kind: 'locked'; readonly busy: boolean; readonly problem: string | undefined }
  /** `phrase` in the tab that made the account, as long as it is open. */
  | { readonly kind: 'running'; readonly client: PageClient; readonly phrase: string | undefined }

export interface Session {
  readonly state: ReadonlyStore<SessionState>
  start(): Promise<void>
  takeOver(): void
  /** While it is locked. */
  unlock(passphrase: string): void
}

export interface SessionParts {
  missing(): Promise<readonly Missing[]>
  /** Throws `needs-passphrase` without the one that is needed, `wrong-key` with another. */
  open(passphrase: string | undefined): Promise<Opened>
  /** Asked for only when nothing is missing. */
  locks(): LockManager
}

/** Decides what the page is: not possible here, a running messenger, or a mirror of the one in another tab. */
export function createSession(parts: SessionParts): Session {
  const state = writableStore<SessionState>({ kind: 'starting' })
  const page = new TabClient()
  let leadership: Leadership | undefined
  let phrase: string | undefined
  const gate = createGate((asking) => state.set({ kind: 'locked', ...asking }))
  /** Ends what this tab is now, and resolves when the next tab may lead. Never rejects. */
  let end: () => Promise<void> = async () => undefined

  const show = () => {
    if (state.get().kind !== 'running') state.set({ kind: 'running', client: page, phrase })
  }

  function mirror(tab: string): void {
    if (!page.isKnown) state.set({ kind: 'starting' })
    const onSilence = () => state.set({ kind: 'elsewhere', takingOver: false })
    const leave = follow({ page, channel: openTabChannel(), tab, onNews: show, onSilence })
    end = async () => leave()
  }

  /** Opens and goes online. What fails is shown and leaves nothing open. */
  function run(): void {
    void end()
    if (!page.isKnown) state.set({ kind: 'starting' })
    const running = open()
    end = async () => {
      gate.giveUp()
      await (
        await running
      )()
    }
  }

  async function open(): Promise<() => Promise<void>> {
    let stop = async (): Promise<void> => undefined
    try {
      const opened = await gate.pass((passphrase) => openWhenFree(() => parts.open(passphrase)))
      if (!opened) return stop
      stop = serve(opened)
      await opened.client.start()
    } catch (error) {
      await stop()
      state.set({ kind: 'failed', sentence: sentenceOf(error) })
      return async () => undefined
    }
    return stop
  }

  /** This page and all others use the client from now on, until the answer is called. */
  function serve(opened: Opened): () => Promise<void> {
    const { client } = opened
    phrase = opened.phrase ?? phrase
    const host = hostTabs(client, openTabChannel())
    const leave = lead(page, client)
    state.set({ kind: 'running', client: page, phrase })
    return async () => {
      host.retire()
      leave()
      // The tab that takes over must not wait for ever for one that cannot stop: the store's own lock decides then.
      await client.stop().catch(() => undefined)
      host.close()
    }
  }

  return {
    state,
    async start() {
      const missing = await parts.missing()
      if (missing.length > 0) return state.set({ kind: 'unsupported', missing })
      const tab = await nameTab()
      leadership = createLeadership(parts.locks(), {
        onLead: run,
        onFollow: () => mirror(tab),
        stepDown: () => end(),
        onLost() {
          void end()
          mirror(tab)
        },
      })
      leadership.start()
    },
    takeOver() {
      state.set({ kind: 'elsewhere', takingOver: true })
      leadership?.takeOver()
    },
    unlock: gate.unlock,
  }
}
