import type { Address } from '@sotto/interface'

import { newEntry, newMailbox, startNode } from './mailbox-client.ts'
import { openRaw, signedRequest } from './raw-session.ts'

// A hostile peer in a process of its own: `flood-process.ts ADDRESS COUNT` sends valid requests as fast as it can.
const [address = '', count = '0'] = process.argv.slice(2)
const node = await startNode()
const session = await openRaw(node, address as Address)
const { writeKey } = await newMailbox()
const put = { case: 'put' as const, value: { mailbox: new Uint8Array(32), ...newEntry(16_384) } }
for (let id = 1; id <= Number(count); id++) {
  session.frames.send(await signedRequest(session, address as Address, id, put, [writeKey]))
  await session.frames.drained()
}
await session.until(() => session.heard.length >= Number(count))
process.stdout.write(`${session.heard.length}\n`)
await node.stop()
process.exit(0)
