import type { Address, RelayId } from '@sotto/interface'
import { expect, test } from 'vitest'

import { reachableAt, relayIdIn } from './addresses.ts'

const SELF = '12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5'
const RELAY = '12D3KooWLRPJAA5o6fPEJqVLGFHNvgiWxZ8yd9nTFQFxUdqzC3qg'
const OTHER = '12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo'
const circuit = (start: string, relay: string): string => `${start}/p2p/${relay}/p2p-circuit/webrtc/p2p/${SELF}`

test('others are told of one circuit for each relay in use, by WebSocket where there is one, and of sockets', () => {
  const all = [
    `/ip4/192.0.2.7/tcp/4001/p2p/${SELF}`,
    circuit('/ip4/192.0.2.1/tcp/4000', RELAY),
    circuit('/dns4/relay.example/tcp/443/tls/ws', RELAY),
    circuit('/ip4/192.0.2.1/tcp/4002/ws', RELAY),
    circuit('/ip4/192.0.2.2/tcp/4000/ws', OTHER),
    `/ip4/192.0.2.1/tcp/4000/p2p/${RELAY}/p2p-circuit/p2p/${SELF}`,
  ]
  expect(reachableAt(all, new Set([RELAY as RelayId]))).toEqual([all[2], all[0]])
  expect(reachableAt(all, new Set([RELAY as RelayId, OTHER as RelayId]))).toEqual([all[2], all[4], all[0]])
})

test('a relay is named by the peer id at the end of a socket address', () => {
  for (const start of ['/ip4/127.0.0.1/tcp/4781/ws', '/dns4/relay.example/tcp/443/wss', '/ip6/::1/tcp/4001']) {
    expect(relayIdIn(`${start}/p2p/${RELAY}` as Address)).toBe(RELAY)
  }
  for (const bad of [circuit('/ip4/192.0.2.1/tcp/4000', RELAY), `/ip4/192.0.2.1/udp/4000/quic-v1/p2p/${RELAY}`]) {
    expect(() => relayIdIn(bad as Address)).toThrow(/not the address of a relay/)
  }
})
