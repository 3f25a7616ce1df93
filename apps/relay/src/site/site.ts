import { existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { findPackageJSON } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

import { SottoError } from '@sotto/interface'
import { listeningError } from '@sotto/relay'

import { fileAt, type PageFile } from './files.ts'
import { cachingOf, isCompressible, SAFE_HEADERS, typeOf } from './headers.ts'

export interface SiteInit {
  /** The built page. */
  readonly directory: string
  readonly host: string
  readonly port: number
  /** What `/relays.json` answers. */
  readonly relays: readonly string[]
  /** Answer only to the names of this machine, and lead `localhost` to `127.0.0.1`: an account belongs to one origin. */
  readonly onlyLoopback: boolean
}

/** The page, being served. */
export interface Site {
  readonly url: string
  stop(): Promise<void>
}

const compress = promisify(gzip)

/** Where the build puts the page. Throws when it is not there. */
export function builtPage(): string {
  // From the room's folder, since a built program lies elsewhere in it than this file.
  const directory = join(dirname(findPackageJSON(import.meta.url) ?? ''), '../web/dist')
  if (existsSync(join(directory, 'index.html'))) return directory
  throw new SottoError('page-missing', `The page is not built: there is no ${join(directory, 'index.html')}.`)
}

export async function startSite(init: SiteInit): Promise<Site> {
  if (!existsSync(join(init.directory, 'index.html'))) {
    throw new SottoError('page-missing', `There is no page in ${init.directory}: it has no index.html.`)
  }
  const server = createServer((request, response) => {
    answer(init, request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listeningError('page', init.host, init.port, error)))
    server.listen(init.port, init.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${init.host.includes(':') ? `[${init.host}]` : init.host}:${port}`,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

async function answer(init: SiteInit, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(SAFE_HEADERS)) response.setHeader(name, value)
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405)
  const target = request.url ?? '/'
  if (init.onlyLoopback) {
    const host = nameIn(request.headers.host)
    if (host === 'localhost') return redirect(response, `http://127.0.0.1:${request.socket.localPort}${target}`)
    if (host !== '127.0.0.1') return refuse(response, 421)
  }
  const path = target.split(/[?#]/, 1)[0] ?? '/'
  if (path === '/relays.json') return sendRelays(init, response)
  const named = await fileAt(init.directory, path === '/' ? '/index.html' : path)
  const file = named ?? (isNavigation(request) ? await fileAt(init.directory, '/index.html') : undefined)
  if (file === undefined) return refuse(response, 404)
  await sendFile(file, request, response)
}

function sendRelays({ relays }: SiteInit, response: ServerResponse): void {
  response.setHeader('cache-control', 'no-store')
  response.setHeader('content-type', typeOf('relays.json')).end(JSON.stringify(relays))
}

async function sendFile(
  { path, bytes, version }: PageFile,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const type = typeOf(path)
  const zipped = isCompressible(type) && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
  response.setHeader('cache-control', cachingOf(path))
  response.setHeader('vary', 'accept-encoding')
  response.setHeader('etag', version)
  if (request.headers['if-none-match'] === version) {
    response.writeHead(304).end()
    return
  }
  const body = zipped ? await compress(bytes) : bytes
  if (zipped) response.setHeader('content-encoding', 'gzip')
  response.setHeader('content-type', type).setHeader('content-length', body.length)
  response.end(request.method === 'HEAD' ? undefined : body)
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(308, { location }).end()
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${status}\n`)
}

function nameIn(host: string | undefined): string {
  return (host ?? '').replace(/:\d+$/, '').toLowerCase()
}

/** Whether a person is going to that address, and not a script or image of the page. */
function isNavigation({ headers }: IncomingMessage): boolean {
  const mode = headers['sec-fetch-mode']
  return mode === undefined ? String(headers.accept ?? '').includes('text/html') : mode === 'navigate'
}
