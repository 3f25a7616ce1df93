import { multiaddr } from '@multiformats/multiaddr'
import type { Address, RelayId } from '@sotto/interface'

import { kindOf } from './direct/dial.ts'
import { NetError } from './errors.ts'

/** Circuits named in one list, so that socket addresses find room in an offer beside them. */
const MAX_CIRCUITS = 4

/**
 * Under which addresses others can reach this peer: one circuit for each relay in use (a WebSocket one where there is one, which
 * browsers can dial too), then sockets. What a relay adds about other relays is left out.
 */
export function reachableAt(all: readonly string[], relays: ReadonlySet<RelayId>): readonly Address[] {
  const circuits = new Map<RelayId, string>()
  const sockets: string[] = []
  for (const address of all) {
    const kind = kindOf(address)
    if (kind === 'tcp' || kind === 'ws') sockets.push(address)
    const relay = kind === 'webrtc' ? relayOfCircuit(address) : undefined
    if (relay === undefined || !relays.has(relay)) continue
    const known = circuits.get(relay)
    if (known === undefined || (!isWebSocket(known) && isWebSocket(address))) circuits.set(relay, address)
  }
  return [...[...circuits.values()].slice(0, MAX_CIRCUITS), ...sockets] as Address[]
}

/** Whose address that is. Throws `NetError` `bad-address` for what is no address of a relay. */
export function relayIdIn(address: Address): RelayId {
  try {
    const components = multiaddr(address).getComponents()
    const last = components.at(-1)
    const isDialable = kindOf(address) === 'tcp' || kindOf(address) === 'ws'
    if (isDialable && last?.name === 'p2p' && last.value !== undefined) return last.value as RelayId
  } catch {
    // Said below.
  }
  throw new NetError(
    'bad-address',
    'This is not the address of a relay; it must look like /dns4/relay.example/tcp/443/wss/p2p/ and a peer id.',
  )
}

function relayOfCircuit(address: string): RelayId | undefined {
  return /\/p2p\/([^/]+)\/p2p-circuit\//.exec(address)?.[1] as RelayId | undefined
}

function isWebSocket(address: string): boolean {
  return /\/wss?\//.test(address)
}
