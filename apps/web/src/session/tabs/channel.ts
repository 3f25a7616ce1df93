import { heard, posted } from './messages.ts'
import type { TabMessage } from './messages.ts'

/** The line between the tabs of one profile; a tab does not hear itself. */
export interface TabChannel {
  post(message: TabMessage): void
  subscribe(listener: (message: TabMessage) => void): () => void
}

const NAME = 'sotto-tabs'
/** The name of this file holds a hash of what the page is made of: equal in tabs of the same build only. */
const BUILD = import.meta.url

/** What browsers of one profile share among their tabs, and with no other origin. */
export function openTabChannel(): TabChannel {
  const channel = new BroadcastChannel(NAME)
  return {
    post: (message) => channel.postMessage(posted(message, BUILD)),
    subscribe(listener) {
      const onMessage = ({ data }: MessageEvent<unknown>) => {
        const message = heard(data, BUILD)
        if (message) listener(message)
      }
      channel.addEventListener('message', onMessage)
      return () => channel.removeEventListener('message', onMessage)
    },
  }
}
