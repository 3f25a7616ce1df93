import type { Rows } from '@sotto/interface'
import { Arrivals } from './arrivals.ts'
import type { Context } from './context.ts'
import type { Conversation } from './conversation/conversation.ts'
import { Doorkeeper } from './direct/doorkeeper.ts'
import { Finder } from './direct/finder.ts'
import { Gossip } from './direct/gossip.ts'
import { Kinds } from './direct/kinds.ts'
import { Sessions } from './direct/sessions.ts'
import { Watch } from './groups/watch.ts'
import { KnockBoxes } from './invitations/knock-boxes.ts'
import { Posts } from './mail/posts.ts'
import { Relays } from './mail/relays.ts'
import { Ticks } from './ticks.ts'

export interface NetworkPartsInit {
  readonly context: Context
  conversations(): Iterable<Conversation>
  onRequest(row: Rows['requests']): void
  background(work: () => Promise<unknown>): void
  isOnline(): boolean
  /** What waits in its outbox goes out by the ways that are there. */
  wake(conversation: Conversation): void
}

/** What the network is made of, one concern each. */
export interface NetworkParts {
  readonly relays: Relays
  readonly posts: Posts
  readonly knocks: KnockBoxes
  readonly sessions: Sessions
  readonly doorkeeper: Doorkeeper
  readonly finder: Finder
  readonly gossip: Gossip
  readonly kinds: Kinds
  readonly ticks: Ticks
  readonly watch: Watch
  readonly arrivals: Arrivals
}

export function createNetworkParts(init: NetworkPartsInit): NetworkParts {
  const { context, conversations, background, isOnline } = init
  const { transport, clock } = context
  const relays = new Relays(transport)
  const sessions = new Sessions({ conversations, background })
  const posts = new Posts({ direct: sessions, background, onCurrent: (entry) => watch.attend(entry) })
  const isCurrent = (entry: Conversation): boolean => isOnline() && posts.of(entry).some((post) => post.isCurrent)
  const watch = new Watch({ clock, background, conversations, isCurrent })
  const parts = {
    relays,
    posts,
    knocks: new KnockBoxes(context, init.onRequest),
    sessions,
    doorkeeper: new Doorkeeper({ context, conversations }),
    finder: new Finder(context, sessions, background),
    gossip: new Gossip({ transport, clock, sessions }),
    kinds: new Kinds({ context, sessions, relays, conversations }),
    ticks: new Ticks(clock, background),
    watch,
  }
  return { ...parts, arrivals: new Arrivals({ ...init, ...parts }) }
}
