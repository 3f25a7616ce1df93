import { expect, test } from 'vitest'
import { History } from '../history/history.ts'
import { Lines, type Line } from '../peers/lines.ts'
import type { Terminal } from '../peers/terminal.ts'
import { Peer } from './peer.ts'

const MESSAGES = [
  { id: 'm1', text: 'one' },
  { id: 'm2', text: 'two' },
]

test('what was delivered before a kill, and is only listed now, counts; what is not is waited for', async () => {
  const { peer, lines } = await running([
    { id: 'm1', state: 'delivered' },
    { id: 'm2', state: 'sent' },
  ])
  const knows = peer.learnsDelivered('c', MESSAGES)
  let isOver = false
  void knows.then(() => (isOver = true))
  await lines.until({ type: 'done', do: 'messages' }, 0, () => '')
  expect(isOver).toBe(false)
  lines.take(JSON.stringify({ type: 'state', conversation: 'c', message: 'm2', state: 'read' }))
  await expect(knows).resolves.toBeUndefined()
})

/** A terminal whose program lists these rows, and says what `lines` takes. */
async function running(rows: readonly Line[]): Promise<{ peer: Peer; lines: Lines }> {
  const lines = new Lines('Anna')
  const program = {
    lines: lines.all,
    watch: (watcher: (line: Line) => void) => lines.watch(watcher),
    until: (wanted: Line, from?: number) => lines.until(wanted, from ?? 0, () => ''),
    say: (said: Line) => lines.take(JSON.stringify({ type: 'done', ...said, rows })),
    exit: new Promise(() => {}),
  }
  const terminal = { run: () => Promise.resolve({ program }) } as unknown as Terminal
  const history = new History(() => 0)
  const peer = new Peer({ name: 'Anna', account: 'a', device: 'd', terminal, history, options: [] })
  peer.watch(program as never)
  await peer.start()
  return { peer, lines }
}
