import type { Client } from '@sotto/client'
import type { AccountId, ReadonlyStore } from '@sotto/interface'
import type { PageClient } from '../client/client-context.ts'
import { sentenceOf } from '../client/sentence-of.ts'
import { writableStore } from '../client/writable-store.ts'
import { createGate } from './gate.ts'
import { createLeadership } from './leadership.ts'
import type { Leadership } from './leadership.ts'
import { openWhenFree } from './open-when-free.ts'
import { linkHere } from './session-linking.ts'
import type { Link, LinkingState } from './session-linking.ts'
import type { Missing } from './support.ts'
import { openTabChannel } from './tabs/channel.ts'
import { follow } from './tabs/follow.ts'
import { hostTabs } from './tabs/host.ts'
import { lead } from './tabs/lead.ts'
import { nothingToShow } from './tabs/nothing-to-show.ts'
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
  | ({ readonly kind: 'linking' } & LinkingState)
  | Running

interface Running {
  readonly kind: 'running'
  readonly client: PageClient
  /** In the tab that made the account, as long as it is open. */
  readonly phrase: string | undefined
  /** In the tab that has just made this browser a device of that person. */
  readonly linkedTo: string | undefined
}

export interface Session {
  readonly state: ReadonlyStore<SessionState>
  start(): Promise<void>
  takeOver(): void
  /** While it is locked. */
  unlock(passphrase: string): void
  /** Before there is a name: shows a code, or a new one, until a device of an account answers it. */
  link(): void
  cancelLink(): void
}

export interface SessionParts {
  missing(): Promise<readonly Missing[]>
  /** Throws `needs-passphrase` without the one that is needed, `wrong-key` with another. */
  open(passphrase: string | undefined): Promise<Opened>
  /** The store is free, and has no account or one without a name. */
  readonly link: Link
  /** Asked for only when nothing is missing. */
  locks(): LockManager
}

/** Decides what the page is: not possible here, a running messenger, or a mirror of the one in another tab. */
export function createSession(parts: SessionParts): Session {
  const state = writableStore<SessionState>({ kind: 'starting' })
  const page = new TabClient()
  let leadership: Leadership | undefined
  let phrase: string | undefined
  /** Whose words these are: another tab may have made this browser a device of somebody else since. */
  let phraseOf: AccountId | undefined
  let linkedTo: string | undefined
  let leads = false
  /** Linking begins as soon as this tab leads. */
  let linksNext = false
  const gate = createGate((asking) => state.set({ kind: 'locked', ...asking }))
  /** Ends what this tab is now, and resolves when the next tab may lead. Never rejects. */
  let end: () => Promise<void> = async () => undefined

  /** While this tab leads and others have nothing to mirror. */
  let endNothing: (() => void) | undefined
  state.subscribe(() => {
    const { kind } = state.get()
    if (leads && (kind === 'locked' || kind === 'linking' || kind === 'failed'))
      endNothing ??= nothingToShow(openTabChannel())
    else {
      endNothing?.()
      endNothing = undefined
    }
  })

  const show = () => {
    const isStale = phrase !== undefined && page.snapshot.get().self.account !== phraseOf
    if (isStale) phrase = undefined
    if (!linksNext && (isStale || state.get().kind !== 'running'))
      state.set({ kind: 'running', client: page, phrase, linkedTo })
  }

  function mirror(tab: string): void {
    leads = false
    if (!page.isKnown || state.get().kind === 'linking') state.set({ kind: 'starting' })
    const onSilence = () => {
      if (state.get().kind !== 'elsewhere') state.set({ kind: 'elsewhere', takingOver: false })
    }
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
    if (opened.phrase !== undefined) {
      phrase = opened.phrase
      phraseOf = client.snapshot.get().self.account
    }
    // Who restores an account has its words already; these were of the one that the first visit made.
    const unwatch = client.snapshot.subscribe(() => {
      if (phrase === undefined || client.snapshot.get().self.account === phraseOf) return
      phrase = undefined
      if (state.get().kind === 'running') state.set({ kind: 'running', client: page, phrase, linkedTo })
    })
    const host = hostTabs(client, openTabChannel())
    const leave = lead(page, client)
    state.set({ kind: 'running', client: page, phrase, linkedTo })
    linkedTo = undefined
    return async () => {
      host.retire()
      unwatch()
      leave()
      // The tab that takes over must not wait for ever for one that cannot stop: the store's own lock decides then.
      await client.stop().catch(() => undefined)
      host.close()
    }
  }

  /** In place of the messenger, which has to let go of the store for that. */
  function showCode(): void {
    linksNext = false
    const before = end()
    const stop = new AbortController()
    const show = (shown: LinkingState) => state.set({ kind: 'linking', ...shown })
    show({ code: undefined, problem: undefined })
    const linking = before.then(() => linkHere(parts.link, show, stop))
    end = async () => {
      stop.abort()
      await linking
    }
    void linking.then((linked) => {
      if (linked.kind === 'failed' && !stop.signal.aborted) show({ code: undefined, problem: linked.problem })
      if (linked.kind !== 'linked') return
      // The account without a name is gone, and its words with it.
      phrase = undefined
      linkedTo = linked.name
      if (!stop.signal.aborted) run()
    })
  }

  return {
    state,
    async start() {
      const missing = await parts.missing()
      if (missing.length > 0) return state.set({ kind: 'unsupported', missing })
      const tab = await nameTab()
      leadership = createLeadership(parts.locks(), {
        onLead() {
          leads = true
          if (linksNext) showCode()
          else run()
        },
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
    link() {
      if (leads) return showCode()
      linksNext = true
      state.set({ kind: 'linking', code: undefined, problem: undefined })
      leadership?.takeOver()
    },
    cancelLink() {
      linksNext = false
      if (leads) return void end().then(run)
      show()
    },
  }
}
