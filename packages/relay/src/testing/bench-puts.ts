import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { connect, newEntry, newMailbox, type MailboxClient } from './mailbox-client.ts'
import { spawnRelay } from './spawn-relay.ts'

// How long a PUT takes until its acknowledgement, alone and under load: `bench-puts.ts [BYTES]`.
const bytes = process.argv[2] === '16384' ? 16_384 : 2_048
const directory = mkdtempSync(join(tmpdir(), 'relay-bench-'))
const relay = await spawnRelay(directory)

async function puts(client: MailboxClient, count: number, atOnce: number): Promise<number[]> {
  const times: number[] = []
  let left = count
  const worker = async (): Promise<void> => {
    while (left > 0) {
      const { params, readKey, writeKey } = await newMailbox()
      const created = await client.session.create(params, readKey)
      if (!created.ok) throw new Error(created.reason)
      for (let index = 0; index < 500 && left-- > 0; index++) {
        const entry = newEntry(bytes)
        const begun = performance.now()
        const put = await client.session.put(created.value, writeKey, entry)
        if (!put.ok) throw new Error(put.reason)
        times.push(performance.now() - begun)
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return times
}

function figures(times: number[], seconds: number): Record<string, number> {
  times.sort((a, b) => a - b)
  const at = (part: number): number => Number((times[Math.floor(times.length * part)] ?? 0).toFixed(2))
  return { p50: at(0.5), p99: at(0.99), perSecond: Math.round(times.length / seconds) }
}

const clients = await Promise.all(Array.from({ length: 4 }, () => connect(relay.address)))
const [first] = clients
if (first === undefined) throw new Error('No client.')
await puts(first, 200, 1)
for (const [name, run] of [
  ['one after another', () => puts(first, 1_000, 1)],
  ['32 at once', () => puts(first, 4_000, 32)],
  ['4 clients, 32 at once each', async () => (await Promise.all(clients.map((each) => puts(each, 2_000, 32)))).flat()],
] as const) {
  const begun = performance.now()
  const times = await run()
  console.log(JSON.stringify({ bytes, name, ...figures(times, (performance.now() - begun) / 1_000) }))
}
await Promise.all(clients.map((each) => each.stop()))
await relay.kill()
rmSync(directory, { recursive: true })
process.exit(0)
