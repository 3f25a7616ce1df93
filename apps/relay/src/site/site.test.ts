import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startSite, type Site } from './site.ts'

const PAGE = '<!doctype html><title>Sotto</title>'
const SCRIPT = `console.log(${'1'.repeat(2_000)})`
const RELAYS = ['/ip4/127.0.0.1/tcp/1/ws/p2p/relay']

let directory: string
let site: Site

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** A request with its path as it stands, which `fetch` would tidy up. */
async function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { port } = new URL(site.url)
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      )
    })
    sent.on('error', reject)
    sent.end()
  })
}

beforeAll(async () => {
  const around = mkdtempSync(join(tmpdir(), 'site-'))
  directory = join(around, 'page')
  mkdirSync(join(directory, 'assets'), { recursive: true })
  writeFileSync(join(around, 'secret.txt'), 'a secret')
  writeFileSync(join(directory, 'index.html'), PAGE)
  writeFileSync(join(directory, '.hidden'), 'a secret')
  writeFileSync(join(directory, 'manifest.webmanifest'), '{}')
  writeFileSync(join(directory, 'assets', 'app-1a2b.js'), SCRIPT)
  symlinkSync(join(around, 'secret.txt'), join(directory, 'assets', 'link.txt'))
  site = await startSite({ directory, host: '127.0.0.1', port: 0, relays: RELAYS, onlyLoopback: true })
})

afterAll(async () => {
  await site.stop()
  rmSync(join(directory, '..'), { recursive: true })
})

describe('the page', () => {
  it('is served with everything it may not do', async () => {
    const { status, headers, body } = await get('/')
    expect([status, body.toString()]).toEqual([200, PAGE])
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; " +
        "connect-src 'self' ws: wss:; worker-src 'self'; manifest-src 'self'; font-src 'self'; base-uri 'none'; " +
        "form-action 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-cache',
    })
  })

  it('finds its relay under its own origin', async () => {
    const { status, headers, body } = await get('/relays.json')
    expect([status, JSON.parse(body.toString())]).toEqual([200, RELAYS])
    expect(headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
  })

  it('keeps what is named by its content, and asks again for everything else', async () => {
    expect((await get('/assets/app-1a2b.js')).headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    })
    const first = await get('/')
    const again = await get('/', { 'if-none-match': String(first.headers['etag']) })
    expect([again.status, again.body.length]).toEqual([304, 0])
  })

  it('is compressed for who can read that', async () => {
    const zipped = await get('/assets/app-1a2b.js', { 'accept-encoding': 'br, gzip' })
    expect(zipped.headers['content-encoding']).toBe('gzip')
    expect(zipped.body.length).toBeLessThan(SCRIPT.length / 10)
    expect(gunzipSync(zipped.body).toString()).toBe(SCRIPT)
    expect((await get('/assets/app-1a2b.js')).body.toString()).toBe(SCRIPT)
  })

  it('is what a person gets under any path, and a script does not', async () => {
    expect((await get('/conversation/1', { 'sec-fetch-mode': 'navigate' })).body.toString()).toBe(PAGE)
    expect((await get('/conversation/1', { accept: 'text/html,*/*' })).body.toString()).toBe(PAGE)
    expect((await get('/conversation/1')).status).toBe(404)
    expect((await get('/gone.js', { 'sec-fetch-mode': 'no-cors', accept: 'text/html' })).status).toBe(404)
  })

  it('answers HEAD without a body, and no other method', async () => {
    const head = await get('/', {}, 'HEAD')
    expect([head.status, head.body.length, head.headers['content-length']]).toEqual([200, 0, String(PAGE.length)])
    expect((await get('/', {}, 'POST')).status).toBe(405)
  })

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..\\secret.txt',
    '/assets/link.txt',
    '/.hidden',
    '/assets/',
    '//secret.txt',
    '/\u0000',
    '/assets/%00',
    '/~root/.ssh',
  ])('is all that is served: not %j', async (path) => {
    const answer = await get(encodeURI(path).replaceAll('%25', '%'))
    expect(answer.status).toBe(404)
    expect(answer.body.toString()).not.toContain('secret')
  })
})

describe('the origin', () => {
  it('is always 127.0.0.1, because an account belongs to it', async () => {
    const { port } = new URL(site.url)
    const led = await get('/deep/link?a=1', { host: `localhost:${port}` })
    expect([led.status, led.headers['location']]).toEqual([308, `http://127.0.0.1:${port}/deep/link?a=1`])
  })

  it('is not lent to another name that leads here', async () => {
    expect((await get('/', { host: 'evil.example' })).status).toBe(421)
  })

  it('may have any name when the page is served to others', async () => {
    const open = await startSite({ directory, host: '127.0.0.1', port: 0, relays: RELAYS, onlyLoopback: false })
    const { port } = new URL(open.url)
    const named = await new Promise((resolve) =>
      request({ host: '127.0.0.1', port, headers: { host: 'chat.example.org' } }, ({ statusCode }) =>
        resolve(statusCode),
      ).end(),
    )
    expect(named).toBe(200)
    await open.stop()
  })

  it('says which port is taken', async () => {
    const port = Number(new URL(site.url).port)
    await expect(startSite({ directory, host: '127.0.0.1', port, relays: RELAYS, onlyLoopback: true })).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is taken, so the page cannot start there.`,
    )
  })
})
