import type { TabChannel } from './channel.ts'
import type { LeaderMessage } from './messages.ts'
import type { TabClient } from './tab-client.ts'

/** How long a leader may say nothing when it is spoken to. Milliseconds. */
const PATIENCE = 5_000

export interface FollowInit {
  readonly page: TabClient
  readonly channel: TabChannel
  /** The name of this tab, from `nameTab`. */
  readonly tab: string
  /** There is something to show; said again after each silence. */
  onNews(): void
  /** Whoever leads has nothing to show, or does not answer: it hangs, or is of another version. */
  onSilence(): void
}

/** The page shows what the leading tab says, and asks it. The answer ends that. */
export function follow({ page, channel, tab, onNews, onSilence }: FollowInit): () => void {
  const past = new Set<string>()
  let term: string | undefined
  let detach: (() => void) | undefined
  let waiting: ReturnType<typeof setTimeout> | undefined

  /** An answer of any kind is due. */
  function expect(): void {
    waiting ??= setTimeout(onSilence, PATIENCE)
  }

  function stopWaiting(): void {
    clearTimeout(waiting)
    waiting = undefined
  }

  function answered(): void {
    stopWaiting()
    onNews()
  }

  function silent(): void {
    stopWaiting()
    onSilence()
  }

  function followTerm(next: string): void {
    if (term !== undefined) past.add(term)
    term = next
    channel.post({ kind: 'hello', tab })
    detach = page.attach({
      ask(asked) {
        expect()
        channel.post({ kind: 'ask', tab, term: next, asked })
      },
      watch: (id) => channel.post({ kind: 'watch', tab, term: next, id }),
      unwatch: (id) => channel.post({ kind: 'unwatch', tab, term: next, id }),
    })
  }

  function hear(message: LeaderMessage): void {
    if (past.has(message.term)) return
    if (message.kind === 'nothing') return silent()
    if (message.kind === 'client') {
      page.show(message.snapshot)
      if (message.term !== term) followTerm(message.term)
    }
    if (message.term !== term) return
    if (message.kind === 'room') page.showRoom(message.id, message.snapshot)
    if (message.kind === 'fact') page.tell(message.fact)
    if (message.kind === 'outcome') page.settle(message.id, message.outcome)
    answered()
  }

  const end = channel.subscribe((message) => 'term' in message && !('tab' in message) && hear(message))
  expect()
  channel.post({ kind: 'hello', tab })
  return () => {
    end()
    stopWaiting()
    detach?.()
  }
}
