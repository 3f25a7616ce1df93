import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { carryOut, type Made } from './carry-out.ts'
import { readDockerfile, type Step } from './dockerfile.ts'

const USER = 1000

let folder: string
let made: Made
const steps = readDockerfile()

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-image-'))
  chmodSync(folder, 0o755)
  made = carryOut(steps, folder)
}, 600_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('what the Dockerfile makes is a relay that answers, as a user who may write to its data and nothing else', async () => {
  const before = filesIn(made.cwd)
  const asUser = process.getuid?.() === 0 ? { uid: USER, gid: USER } : {}
  // COPY --chown, which only root can carry out here.
  if ('uid' in asUser) chownSync(made.at('/data'), USER, USER)
  const [node = '', ...words] = wordsOf('entrypoint').map((word) => (word === '/data' ? made.at(word) : word))
  // As whoever runs a container gives further options; any ports that are free on this machine.
  const child = spawn(node, [...words, '--host', '127.0.0.1', '--port', '0', '--health-port', '0', '--json'], {
    cwd: made.cwd,
    env: made.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...asUser,
  })
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()))
  const ended = once(child, 'exit')
  try {
    const line = await Promise.race([once(createInterface(child.stdout), 'line'), ended])
    if (!String(line[0]).startsWith('{"ready":true')) throw new Error(`It did not become ready.\n${log}`)
    const { health, relay } = JSON.parse(String(line[0])) as { health: string; relay: string[] }
    expect(relay[0]).toContain('/ws/p2p/')
    expect(await checkOf(new URL(health).port)).toBe(0)
    expect(await checkOf('1')).toBe(1)
    expect(readdirSync(made.at('/data')).toSorted()).toContain('peer.key')
  } finally {
    child.kill('SIGTERM')
  }
  expect(await ended).toEqual([0, null])
  expect(filesIn(made.cwd)).toEqual(before)
})

test('nothing is in it that a relay does not need', () => {
  expect(readdirSync(made.at('/')).toSorted()).toEqual(['data', 'relay'])
  expect(readdirSync(made.cwd).toSorted()).toEqual(['dist', 'node_modules', 'package.json'])
  expect(readdirSync(join(made.cwd, 'node_modules'))).toEqual(['better-sqlite3-multiple-ciphers'])
  expect(readdirSync(join(made.cwd, 'dist')).filter((name) => !name.endsWith('.js'))).toEqual([])
})

/** The exit status of the health check, with another port in place of the image's. */
async function checkOf(port: string): Promise<unknown> {
  const [node = '', ...words] = wordsOf('healthcheck').map((word) => word.replace(':4782/', `:${port}/`))
  const [status] = (await once(spawn(node, words, { env: made.env }), 'exit')) as [number | null]
  return status
}

function wordsOf(is: 'entrypoint' | 'healthcheck'): readonly string[] {
  const found = steps.find((step): step is Extract<Step, { words: readonly string[] }> => step.is === is)
  return found?.words ?? []
}

function filesIn(path: string): readonly string[] {
  return readdirSync(path, { recursive: true }).map(String).toSorted()
}
