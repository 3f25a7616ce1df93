import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const BUILT = fileURLToPath(new URL('../../apps/web/dist', import.meta.url))
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
}

/** The built page at an origin of its own: it can be loaded whatever becomes of the relays. */
export interface PageServer {
  readonly web: string
  close(): Promise<void>
}

/** Serves the page, with the relays that it should use. */
export async function servePage(relays: readonly string[]): Promise<PageServer> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://page')
    const file = join(BUILT, pathname === '/' ? 'index.html' : pathname)
    if (pathname === '/relays.json') response.end(JSON.stringify(relays))
    else void sendFile(file, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    web: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function sendFile(file: string, response: ServerResponse): Promise<void> {
  const bytes = await readFile(file).catch(() => undefined)
  if (bytes === undefined) response.writeHead(404).end()
  else response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream').end(bytes)
}
