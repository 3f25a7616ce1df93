import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Registry } from 'prom-client'

import { listeningError } from './listen.ts'

export interface HealthInit {
  /** 0: whichever is free. */
  readonly port: number
  readonly registry: Registry
  /** Whether the relay takes and stores mail at this moment. */
  isReady(): boolean
}

/** `/healthz` (the process answers), `/readyz` (it serves) and `/metrics` (Prometheus), on loopback only. */
export class Health {
  readonly #init: HealthInit
  readonly #server: Server

  constructor(init: HealthInit) {
    this.#init = init
    this.#server = createServer((request, response) => void this.#answer(request, response))
  }

  get url(): string {
    const address = this.#server.address() as AddressInfo | null
    return `http://127.0.0.1:${address?.port ?? 0}`
  }

  async start(): Promise<void> {
    const { port } = this.#init
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error) => reject(listeningError('health page', '127.0.0.1', port, error)))
      this.#server.listen(port, '127.0.0.1', resolve)
    })
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await closed
  }

  async #answer({ url, method }: IncomingMessage, response: ServerResponse): Promise<void> {
    if (method !== 'GET' && method !== 'HEAD') return say(response, 405, 'only GET\n')
    if (url === '/healthz') return say(response, 200, 'ok\n')
    if (url === '/readyz')
      return this.#init.isReady() ? say(response, 200, 'ready\n') : say(response, 503, 'not ready\n')
    if (url !== '/metrics') return say(response, 404, 'not found\n')
    const { registry } = this.#init
    say(response, 200, await registry.metrics(), registry.contentType)
  }
}

function say(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text)
}
