import type { Client } from '@sotto/client'
import type { ConversationId } from '@sotto/interface'
import { carryOut } from './carry-out.ts'
import type { TabChannel } from './channel.ts'
import type { Asked, FollowerMessage, LeaderMessage, TabMessage } from './messages.ts'
import { whenTabEnds } from './tab-lock.ts'

/** What the leading tab does for the others: they see what it sees, and it carries out what they ask for. */
export interface Host {
  /** Takes no more from now on: what is asked is for whoever leads next. What has begun is still answered. */
  retire(): void
  close(): void
}

type News<M = LeaderMessage> = M extends LeaderMessage ? Omit<M, 'term'> : never

interface Room {
  readonly tabs: Set<string>
  readonly end: () => void
}

export function hostTabs(client: Client, channel: TabChannel): Host {
  const term = crypto.randomUUID()
  const tabs = new Set<string>()
  const rooms = new Map<ConversationId, Room>()
  let isRetired = false

  const post = (news: News) => channel.post({ ...news, term } as LeaderMessage)
  const postClient = () => post({ kind: 'client', snapshot: client.snapshot.get() })

  function meet(tab: string): void {
    if (!tabs.has(tab)) {
      tabs.add(tab)
      whenTabEnds(tab, () => {
        tabs.delete(tab)
        for (const id of rooms.keys()) unwatch(tab, id)
      })
    }
    postClient()
  }

  function watch(tab: string, id: ConversationId): void {
    if (!client.snapshot.get().conversations.some((one) => one.conversation === id)) return
    const store = client.conversation(id)
    const show = () => post({ kind: 'room', id, snapshot: store.get() })
    const room = rooms.get(id) ?? { tabs: new Set(), end: store.subscribe(show) }
    rooms.set(id, room)
    room.tabs.add(tab)
    show()
  }

  function unwatch(tab: string, id: ConversationId): void {
    const room = rooms.get(id)
    if (!room?.tabs.delete(tab) || room.tabs.size > 0) return
    room.end()
    rooms.delete(id)
  }

  async function take(asked: Asked): Promise<void> {
    if (isRetired) return post({ kind: 'outcome', id: asked.id, outcome: { kind: 'later' } })
    post({ kind: 'taken', id: asked.id })
    const outcome = await carryOut(client, asked)
    // What failed because this tab stops has not failed for whoever leads next.
    if (!isRetired || outcome.kind === 'done') post({ kind: 'outcome', id: asked.id, outcome })
  }

  function hear(message: FollowerMessage): void {
    if (message.kind === 'hello') return meet(message.tab)
    if (message.term !== term) return
    if (message.kind === 'ask') return void take(message.asked)
    if (message.kind === 'watch') watch(message.tab, message.id)
    else unwatch(message.tab, message.id)
  }

  const ends = [
    channel.subscribe((message) => isOfFollower(message) && hear(message)),
    client.snapshot.subscribe(() => tabs.size > 0 && postClient()),
    client.subscribe((fact) => tabs.size > 0 && post({ kind: 'fact', fact })),
  ]
  postClient()
  return {
    retire() {
      isRetired = true
    },
    close() {
      for (const end of [...ends, ...[...rooms.values()].map((room) => room.end)]) end()
    },
  }
}

function isOfFollower(message: TabMessage): message is FollowerMessage {
  return message.kind === 'hello' || message.kind === 'watch' || message.kind === 'unwatch' || message.kind === 'ask'
}
