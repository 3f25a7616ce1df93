import type { Client } from '@sotto/client'
import type { ConversationId } from '@sotto/interface'
import { carryOut } from './carry-out.ts'
import type { Asked } from './messages.ts'
import type { TabClient } from './tab-client.ts'

/** The page's client is this tab's own from now on. The answer ends that. */
export function lead(page: TabClient, client: Client): () => void {
  const watched = new Map<ConversationId, () => void>()
  let isOver = false
  const show = () => page.show(client.snapshot.get())
  const ends = [client.snapshot.subscribe(show), client.subscribe((fact) => page.tell(fact))]
  show()

  async function take(asked: Asked): Promise<void> {
    const outcome = await carryOut(client, asked)
    // What failed because this tab stops has not failed for whoever leads next.
    if (!isOver || outcome.kind === 'done') page.settle(asked.id, outcome)
  }

  const detach = page.attach({
    ask: (asked) => void take(asked),
    watch(id) {
      if (!client.snapshot.get().conversations.some((one) => one.conversation === id)) return
      const room = client.conversation(id)
      const showRoom = () => page.showRoom(id, room.get())
      watched.set(id, room.subscribe(showRoom))
      showRoom()
    },
    unwatch(id) {
      watched.get(id)?.()
      watched.delete(id)
    },
  })
  return () => {
    isOver = true
    detach()
    for (const end of [...ends, ...watched.values()]) end()
  }
}
