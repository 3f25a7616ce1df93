import { nodeTransport } from '@sotto/net/node'
import type { Address, Logger, Relay, Transport } from '@sotto/interface'
import { nodeClock, nodeCrypto } from '@sotto/relay'

const silent: Logger = { debug() {}, info() {}, warn() {}, scope: () => silent }

/** Somebody who uses a relay and has no account, no store and nothing to hide; in this process. */
export interface Guest {
  readonly relay: Relay
  leave(): Promise<void>
}

/** Connects to a relay and waits until it answers. */
export async function guestAt(address: string): Promise<Guest> {
  const transport = nodeTransport({
    clock: nodeClock,
    crypto: nodeCrypto,
    logger: silent,
    loopbackOnly: true,
    transports: [],
  })
  const reached = await new Promise<Relay>((resolve, reject) => {
    startSilently(transport, resolve)
      .then(() => transport.relay(address as Address))
      .catch(reject)
  })
  return { relay: reached, leave: () => transport.stop() }
}

function startSilently(transport: Transport, onRelay: (relay: Relay) => void): Promise<void> {
  return transport.start(
    {
      onEnvelope: async () => false,
      onSession: (session) => session.close(),
      onSessionEnd() {},
      onMail() {},
      onSignal() {},
      onRelay: (relay) => relay.reachable && onRelay(relay),
      onAddresses() {},
    },
    { dial: () => new Uint8Array(), accept: () => undefined, confirm: () => false },
  )
}
