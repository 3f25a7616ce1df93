import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import type { Connection, Stream } from '@libp2p/interface'
import type { Address, DirectSession, Metrics } from '@sotto/interface'
import { afterEach, expect, test } from 'vitest'

import { Time } from '../test/clock.ts'
import { startPeer, until, type Peer } from '../test/peers.ts'
import { startRelay } from '../test/relay.ts'
import { MAX_BORNE_MS, watchLiveness } from './liveness.ts'

const PROGRAM = fileURLToPath(new URL('../test/peer-process.ts', import.meta.url))
/** What is promised: less than that until a peer that is gone without a word is noticed. */
const NOTICED_MS = 15_000

const running: { stop(): void | Promise<void> }[] = []
afterEach(async () => {
  for (const one of running.splice(0).toReversed()) await one.stop()
})

/** A session of ours with a peer in another process. */
async function withProcess(
  relay?: Address,
): Promise<{ alice: Peer; session: DirectSession; child: ChildProcess; silences: Silences }> {
  const silences = new Silences()
  const alice = await startPeer({ metrics: silences, ...(relay !== undefined && { through: [relay] }) })
  running.push(alice.transport)
  const words = [alice.transport.peerId, ...(relay === undefined ? [] : [relay])]
  const child = spawn(process.execPath, ['--conditions=source', PROGRAM, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.push({ stop: () => void child.kill('SIGKILL') })
  const lines = createInterface({ input: child.stdout })
  const line = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve)
    child.once('exit', () => reject(new Error('the other process ended')))
  })
  const { peerId, addresses } = JSON.parse(line) as { peerId: string; addresses: Address[] }
  const dialled = await alice.transport.dial(peerId, addresses, 'talk')
  if (!dialled.ok) throw new Error(dialled.reason)
  expect(await dialled.value.send(Uint8Array.of(1))).toBe(true)
  return { alice, session: dialled.value, child, silences }
}

/** Counts the times that a peer would have been given up. */
class Silences implements Metrics {
  borne = 0
  count(name: string): void {
    if (name === 'silences_borne') this.borne += 1
  }
}

async function msUntilNoticed({ alice, session }: { alice: Peer; session: DirectSession }): Promise<number> {
  const began = performance.now()
  const held = session.send(Uint8Array.of(2))
  await until(() => alice.ended.includes(session))
  expect(await held).toBe(false)
  return performance.now() - began
}

test('a process that is killed is noticed at once over TCP', async () => {
  const pair = await withProcess()
  pair.child.kill('SIGKILL')
  expect(await msUntilNoticed(pair)).toBeLessThan(2_000)
})

test('a process that hangs, or is killed where nothing says so, is noticed over TCP and over WebRTC', async () => {
  const { node, address } = await startRelay()
  running.push(node)
  const pairs = [await withProcess(), await withProcess(address), await withProcess(address)]
  for (const { alice } of pairs) await until(() => alice.transport.relay(address).reachable)
  const signals = ['SIGSTOP', 'SIGSTOP', 'SIGKILL'] as const
  for (const [index, { child }] of pairs.entries()) child.kill(signals[index])
  for (const ms of await Promise.all(pairs.map(msUntilNoticed))) expect(ms).toBeLessThan(NOTICED_MS)
})

// Over TCP, where the system answers for whoever hangs: WebRTC between two Node peers ends by itself 12.6 s after data that nobody acknowledges.
test('a process that hangs for longer than that keeps its path where no relay could introduce it once more', async () => {
  const { alice, session, child, silences } = await withProcess()
  child.kill('SIGSTOP')
  const held = session.send(Uint8Array.of(2))
  await until(() => silences.borne > 0)
  child.kill('SIGCONT')
  expect(await held).toBe(true)
  expect(alice.ended).toEqual([])
})

/** A connection whose pings are answered, or not, and a stream that says something when it is told to. */
function quietPeer(
  answers: () => boolean,
  isReplaceable?: () => boolean,
): {
  time: Time
  stream: FakeStream
  deaths: () => number
  pings: () => number
} {
  const time = new Time()
  const stream = new FakeStream()
  let deaths = 0
  let pings = 0
  const newStream = async (): Promise<FakeStream> => {
    pings += 1
    const ping = new FakeStream()
    ping.send = () => {
      if (answers()) queueMicrotask(() => ping.dispatchEvent(new Event('message')))
    }
    return ping
  }
  watchLiveness({
    clock: time,
    connection: { newStream } as unknown as Connection,
    stream: stream as unknown as Stream,
    quietMs: 4_000,
    answerMs: 5_000,
    ...(isReplaceable && { isReplaceable }),
    onDead: () => {
      deaths += 1
      stream.end()
    },
  })
  return { time, stream, deaths: () => deaths, pings: () => pings }
}

class FakeStream extends EventTarget {
  status = 'open'
  send: () => void = () => undefined

  abort(): void {
    this.end()
  }

  end(): void {
    this.status = 'closed'
    this.dispatchEvent(new Event('close'))
  }
}

async function seconds({ time }: { time: Time }, count: number, each: () => void = () => undefined): Promise<void> {
  for (let second = 0; second < count; second += 1) {
    each()
    time.go(1_000)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test('a peer that is quiet and answers is left alone, as is a busy one whose pings are late', async () => {
  const quiet = quietPeer(() => true)
  await seconds(quiet, 120)
  expect([quiet.deaths(), quiet.pings()]).toEqual([0, 30])
  const busy = quietPeer(() => false)
  let second = 0
  await seconds(busy, 120, () => {
    // Long silences, but never as long as it takes.
    if (second % 9 === 0) busy.stream.dispatchEvent(new Event('message'))
    second += 1
  })
  expect(busy.deaths()).toBe(0)
  expect(busy.pings()).toBeGreaterThan(5)
})

test('a peer that says nothing and answers nothing is given up in 14 s, and no stream is watched after its end', async () => {
  for (const before of [0, 1, 2, 3, 4, 5, 6, 7, 8]) {
    const gone = quietPeer(() => false)
    await seconds(gone, before)
    gone.stream.dispatchEvent(new Event('message'))
    await seconds(gone, 14)
    expect(gone.deaths()).toBe(1)
  }
  const ended = quietPeer(() => false)
  ended.stream.end()
  await seconds(ended, 60)
  expect([ended.deaths(), ended.pings()]).toEqual([0, 0])
})

test('while no other connection could be made, silence is borne for a minute and more, and from each sign of life anew', async () => {
  const gone = quietPeer(
    () => false,
    () => false,
  )
  for (const _ of [1, 2, 3]) {
    await seconds(gone, 59)
    expect(gone.deaths()).toBe(0)
    gone.stream.dispatchEvent(new Event('message'))
  }
  await seconds(gone, 14 + MAX_BORNE_MS / 1_000 + 9)
  expect(gone.deaths()).toBe(1)
})

test('and it is given up at the next look once there is another way', async () => {
  let isReplaceable = false
  const gone = quietPeer(
    () => false,
    () => isReplaceable,
  )
  await seconds(gone, 30)
  expect(gone.deaths()).toBe(0)
  isReplaceable = true
  await seconds(gone, 9)
  expect(gone.deaths()).toBe(1)
})
