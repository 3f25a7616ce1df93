import type { Libp2p, Stream } from '@libp2p/interface'
import { encodeEventsFrame, EVENTS_PROTOCOL, HELLO_PROTOCOL } from '@sotto/wire'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startPeer, until, wordProof, type Peer } from '../../test/peers.ts'
import { dialSocket, prefixed, startStranger } from '../../test/stranger.ts'

const SEED = 20_261_125
// Ten thousand, without sockets: handlers-hostile.test.ts.
const FRAMES = 1_000

let bob: Peer
let honest: Peer
let bad: Libp2p
beforeAll(async () => {
  bob = await startPeer()
  honest = await startPeer()
  bad = await startStranger()
})
afterAll(async () => {
  await Promise.all([bob.transport.stop(), honest.transport.stop(), bad.stop()])
})

/** Random frames, and true ones with a bit changed, dropped or doubled. */
function badFrames(count: number): Uint8Array[] {
  const real = [
    encodeEventsFrame({ frame: { case: 'data', value: { number: 1, envelope: new Uint8Array(512).fill(7) } } }),
    encodeEventsFrame({ frame: { case: 'ack', value: { number: 4_294_967_295 } } }),
    encodeEventsFrame({ frame: { case: 'credit', value: { bytes: 1 } } }),
  ]
  const mutated = fc
    .tuple(fc.constantFrom(...real), fc.nat(), fc.integer({ min: 1, max: 255 }), fc.boolean())
    .map(([bytes, at, change, cut]) => {
      const copy = cut ? bytes.slice(0, at % bytes.length) : bytes.slice()
      if (copy.length > 0) copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ change
      return copy
    })
  return fc.sample(fc.oneof(fc.uint8Array({ maxLength: 600 }), mutated), { numRuns: count, seed: SEED })
}

async function openStream(protocol: string): Promise<Stream | undefined> {
  try {
    const connection = await dialSocket(bad, bob.transport.addresses)
    return await connection.newStream(protocol)
  } catch {
    return undefined // refused, which is as good
  }
}

/** Sends frames until the other side ends the stream; true when it was ended by the other side or used up. */
async function flood(protocol: string, frames: readonly Uint8Array[], first?: Uint8Array): Promise<number> {
  const stream = await openStream(protocol)
  if (stream === undefined) return 0
  let sent = 0
  try {
    if (first !== undefined) stream.send(prefixed(first))
    for (const frame of frames) {
      if (stream.status !== 'open') break
      stream.send(prefixed(frame))
      sent += 1
      await new Promise((resolve) => setImmediate(resolve))
    }
  } catch {
    // The other side has gone.
  }
  stream.abort(new Error('done'))
  return sent
}

test(`a thousand bad frames to hello and events, over sockets, change nothing for an honest peer beside them (seed ${SEED})`, async () => {
  const { peerId, addresses } = bob.transport
  const dialled = await honest.transport.dial(peerId, addresses, 'talk')
  if (!dialled.ok) throw new Error(dialled.reason)
  const frames = badFrames(FRAMES)
  const before = process.memoryUsage().rss
  let at = 0
  while (at < frames.length) {
    const protocol = at % 100 === 0 ? HELLO_PROTOCOL : EVENTS_PROTOCOL
    // A stream ends at its first bad frame: each gets a handful, and the rest goes into the next.
    await flood(protocol, frames.slice(at, at + 50))
    at += 50
    if (at % 100 === 0) expect(await dialled.value.send(Uint8Array.of(at % 256))).toBe(true)
  }
  expect(bob.received).toHaveLength(FRAMES / 100)
  expect(bob.sessions).toHaveLength(1)
  expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024)
})

test(`bad frames after a true hello end that path only (seed ${SEED})`, async () => {
  const before = bob.ended.length
  for (const frame of badFrames(200)) {
    const stream = await openStream(HELLO_PROTOCOL)
    if (stream === undefined) continue
    let answered = false
    stream.addEventListener('message', () => (answered = true))
    const peers = { dialler: bad.peerId.toString(), listener: bob.transport.peerId }
    stream.send(prefixed(wordProof('friend', 'talk', peers)))
    await until(() => answered)
    const sessions = bob.sessions.length
    await flood(EVENTS_PROTOCOL, [frame, frame])
    await until(() => bob.sessions.length === sessions + 1)
    for (const connection of bad.getConnections()) connection.abort(new Error('done'))
  }
  await until(() => bob.ended.length === before + 200)
  const last = honest.sessions.at(-1)
  expect(await last?.send(Uint8Array.of(1))).toBe(true)
})
