import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

import type { Address } from '@sotto/interface'

/** A door to a relay on this machine through which everybody seems to come from another address of it. */
export class Elsewhere {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(server: Server) {
    this.#server = server
  }

  /** `from`: an address in 127.0.0.0/8. */
  static async open(relay: Address, from: string): Promise<{ door: Elsewhere; address: Address }> {
    const port = Number(relay.split('/')[4])
    const server = createServer()
    const door = new Elsewhere(server)
    server.on('connection', (outside) => {
      const inside = connect({ host: '127.0.0.1', port, localAddress: from })
      for (const [one, other] of [[outside, inside] as const, [inside, outside] as const]) {
        door.#sockets.add(one)
        one.pipe(other)
        one.on('error', () => other.destroy())
        one.on('close', () => other.destroy())
      }
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return { door, address: relay.replace(`/${port}/`, `/${(server.address() as AddressInfo).port}/`) as Address }
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }
}
