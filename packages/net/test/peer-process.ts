// A peer in a process of its own: `peer-process.ts WHO_MAY_COME [RELAY]`. Prints one line with where it is.
import type { Address } from '@sotto/interface'

import { startPeer } from './peers.ts'

const [expected = '', relay] = process.argv.slice(2)
const { transport } = await startPeer(relay === undefined ? {} : { through: [relay as Address] })
transport.expect(expected, Date.now() + 60_000)
process.stdout.write(`${JSON.stringify({ peerId: transport.peerId, addresses: transport.addresses })}\n`)
