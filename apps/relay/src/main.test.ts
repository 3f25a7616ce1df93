import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { builtPage } from './site/site.ts'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))

interface Run {
  readonly pid: number
  /** The next line of standard output, or `undefined` when it has ended. */
  line(): Promise<string | undefined>
  signal(name: NodeJS.Signals): void
  readonly exit: Promise<{ code: number | null; out: string; err: string }>
}

let folder: string
const running: Run[] = []

function run(words: readonly string[], env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd: folder,
    env: { ...process.env, INIT_CWD: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const started: Run = {
    pid: child.pid ?? 0,
    line: async () => (await lines.next()).value,
    signal: (name) => void child.kill(name),
    exit: once(child, 'close').then(([code]) => ({ code: code as number | null, out, err })),
  }
  running.push(started)
  return started
}

/** The ready line, parsed; fails when the process says anything else first. */
async function ready(started: Run): Promise<{ ready: boolean; web?: string; relay: string[]; health: string }> {
  const line = await started.line()
  if (line === undefined) throw new Error(`It did not become ready: ${(await started.exit).err}`)
  return JSON.parse(line)
}

async function takenPort(): Promise<[Server, number]> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return [server, (server.address() as AddressInfo).port]
}

/** A port that nobody has at the moment. */
async function freePort(): Promise<number> {
  const [server, port] = await takenPort()
  await new Promise((resolve) => server.close(resolve))
  return port
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relay-app-'))
})

afterEach(async () => {
  for (const each of running.splice(0)) {
    each.signal('SIGKILL')
    await each.exit
  }
  rmSync(folder, { recursive: true })
})

const RELAY = /^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/ws\/p2p\/12D3Koo[1-9A-Za-z]+$/
const LOOPBACK = /^http:\/\/127\.0\.0\.1:\d+$/

describe('relay', () => {
  it('says in one JSON line where everything is, and nothing else on standard output', async () => {
    mkdirSync(join(folder, 'page'))
    writeFileSync(join(folder, 'page', 'index.html'), '<title>Sotto</title>')
    const started = run(['relay', '--port', '0', '--data', 'data', '--web', 'page', '--json'])
    const facts = await ready(started)
    expect(facts).toEqual({
      ready: true,
      web: expect.stringMatching(LOOPBACK),
      relay: [expect.stringMatching(RELAY)],
      health: expect.stringMatching(LOOPBACK),
    })
    expect(await (await fetch(`${facts.web}/relays.json`)).json()).toEqual(facts.relay)
    expect(await (await fetch(`${facts.health}/readyz`)).text()).toBe('ready\n')
    expect(existsSync(join(folder, 'data', 'peer.key'))).toBe(true)
    started.signal('SIGTERM')
    const { code, out, err } = await started.exit
    expect([code, out.trim().split('\n')]).toEqual([0, [JSON.stringify(facts)]])
    expect(err).toContain('relay started')
  })

  it('has no page unless asked, and is the same relay again on the same folder and port', async () => {
    const first = run(['relay', '--port', '0', '--data', 'data', '--json'])
    const facts = await ready(first)
    expect(Object.keys(facts)).toEqual(['ready', 'relay', 'health'])
    first.signal('SIGKILL')
    await first.exit
    const port = facts.relay[0]?.split('/')[4] ?? ''
    const second = run(['relay', '--port', port, '--data', 'data', '--json'])
    expect((await ready(second)).relay).toEqual(facts.relay)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('stops within 5 s on %s, also with somebody connected', async (signal) => {
    const started = run(['relay', '--port', '0', '--data', 'data', '--json'])
    const { relay, health } = await ready(started)
    const socket = new WebSocket(`ws://127.0.0.1:${relay[0]?.split('/')[4]}`)
    await once(socket, 'open')
    await fetch(`${health}/healthz`)
    const begun = performance.now()
    started.signal(signal)
    expect((await started.exit).code).toBe(0)
    expect(performance.now() - begun).toBeLessThan(5_000)
  })

  it('says it in words to a person', async () => {
    const started = run(['relay', '--port', '0', '--data', 'data'])
    expect(await started.line()).toMatch(/^Relay: {2}\/ip4\/127\.0\.0\.1\/tcp\/\d+\/ws\/p2p\//)
    expect(await started.line()).toMatch(/^Health: http:\/\/127\.0\.0\.1:\d+\/healthz$/)
  })

  it('names the port that is taken', async () => {
    const [server, port] = await takenPort()
    const { code, out, err } = await run(['relay', '--port', String(port), '--data', 'data', '--json']).exit
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(`Port ${port} on 127.0.0.1 is taken, so the relay cannot start there.`)
    server.close()
  })

  it('does not share a data folder with another', async () => {
    await ready(run(['relay', '--port', '0', '--data', 'data', '--json']))
    const { code, err } = await run(['relay', '--port', '0', '--data', 'data', '--json']).exit
    expect(code).toBe(1)
    expect(err).toContain(`Another relay is running on the data folder ${join(folder, 'data')}.`)
  })

  it('does not serve its own data folder as part of a page', async () => {
    writeFileSync(join(folder, 'index.html'), '')
    const { code, err } = await run(['relay', '--port', '0', '--data', 'data', '--web', '.', '--json']).exit
    expect(code).toBe(1)
    expect(err).toContain('lies inside the page')
  })

  it.each([
    [['relay', '--frobnicate'], "unknown option '--frobnicate'"],
    [['start', '--frobnicate'], "unknown option '--frobnicate'"],
    [['relay', '--port', '70000'], "'70000' is invalid. It must be a whole number from 0 to 65535."],
    [['relay', '--port', '80a'], "'80a' is invalid"],
    [['relay', 'extra'], 'too many arguments'],
    [['fly'], "unknown command 'fly'"],
    [[], 'Usage:'],
  ])('refuses wrong usage by name: %j', async (words, sentence) => {
    const { code, out, err } = await run(words).exit
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(sentence)
  })

  it('explains itself', async () => {
    const { code, out } = await run(['relay', '--help']).exit
    expect(code).toBe(0)
    expect(out).toContain('--data <dir>')
  })
})

describe('start', () => {
  const isBuilt = (): boolean => {
    try {
      return builtPage() !== ''
    } catch {
      return false
    }
  }

  it('runs a relay and the built page, or says plainly that the page is not built', async () => {
    const [web, relay] = [await freePort(), await freePort()]
    const started = run(['start', '--port', String(web), '--relay-port', String(relay), '--data', 'data', '--json'])
    if (!isBuilt()) {
      const { code, out, err } = await started.exit
      expect([code, out]).toEqual([1, ''])
      expect(err).toContain('The page is not built')
      return
    }
    expect(await ready(started)).toEqual({
      ready: true,
      web: `http://127.0.0.1:${web}`,
      relay: [expect.stringMatching(new RegExp(`^/ip4/127.0.0.1/tcp/${relay}/ws/p2p/12D3Koo`))],
      health: expect.stringMatching(LOOPBACK),
    })
    expect(await (await fetch(`http://127.0.0.1:${web}/`)).text()).toContain('<title>')
    expect((await fetch(`http://localhost:${web}/`, { redirect: 'manual' })).headers.get('location')).toBe(
      `http://127.0.0.1:${web}/`,
    )
    const second = await run(['start', '--port', String(web), '--relay-port', '0', '--data', 'other', '--json']).exit
    expect([second.code, second.out]).toEqual([1, ''])
    expect(second.err).toContain(`Port ${web} on 127.0.0.1 is taken, so the page cannot start there.`)
    started.signal('SIGINT')
    expect((await started.exit).code).toBe(0)
  })
})
