import type { TabChannel } from './channel.ts'

/** Says that whoever leads has nothing to show now, so that those who follow need not find out by waiting. The answer ends that. */
export function nothingToShow(channel: TabChannel): () => void {
  const term = crypto.randomUUID()
  const say = () => channel.post({ kind: 'nothing', term })
  const end = channel.subscribe(({ kind }) => kind === 'hello' && say())
  say()
  return end
}
