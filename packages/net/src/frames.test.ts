import type { Stream } from '@libp2p/interface'
import { streamPair } from '@libp2p/utils'
import { describe, expect, it } from 'vitest'

import { openFrames, type Frames, type FramesEnd, type FramesInit } from './frames.ts'

interface End {
  readonly stream: Stream
  readonly frames: Frames
  readonly got: Uint8Array[]
  readonly ended: Promise<FramesEnd>
}

function end(stream: Stream, init: Partial<FramesInit> = {}): End {
  const frames = openFrames(stream, { maxFrame: 1_000_000, ...init })
  const got: Uint8Array[] = []
  const { promise, resolve } = Promise.withResolvers<FramesEnd>()
  frames.listen({ onFrame: (frame) => got.push(frame), onEnd: resolve })
  return { stream, frames, got, ended: promise }
}

async function pair(init: Partial<FramesInit> = {}): Promise<[End, End]> {
  const [left, right] = await streamPair()
  return [end(left), end(right, init)]
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise(setImmediate)
}

const bytes = (length: number, fill = 1): Uint8Array => new Uint8Array(length).fill(fill)

describe('frames over a stream', () => {
  it('arrive whole and in order, small and large', async () => {
    const [left, right] = await pair()
    const sent = Array.from({ length: 100 }, (_, index) => bytes(1 + ((index * 7_919) % 60_000), index))
    for (const frame of sent) expect(left.frames.send(frame)).toBe(true)
    await until(() => right.got.length === sent.length)
    expect(right.got).toEqual(sent)
  })

  it('of one macrotask leave in one write', async () => {
    const [left, right] = await pair()
    let writes = 0
    const send = left.stream.send.bind(left.stream)
    left.stream.send = (data) => {
      writes++
      return send(data)
    }
    for (let index = 0; index < 100; index++) left.frames.send(bytes(20))
    await until(() => right.got.length === 100)
    expect(writes).toBe(1)
  })

  it('sent while the stream drains are not forgotten', async () => {
    const [left, right] = await pair()
    left.stream.writableNeedsDrain = true
    left.stream.send(Uint8Array.of(1, 7)) // A frame that waits in libp2p's own buffer.
    left.stream.dispatchEvent(new Event('drain'))
    // Sent on before libp2p has said `idle`, which it says from within its sending: what is handed to it then is lost.
    left.frames.send(Uint8Array.of(8))
    await until(() => right.got.length === 2)
    expect(right.got).toEqual([Uint8Array.of(7), Uint8Array.of(8)])
    expect(left.frames.queued).toBe(0)
  })

  it('that are not read stop the sender, who hears when he may go on', async () => {
    const [left, right] = await pair()
    right.frames.pause()
    left.frames.send(bytes(10))
    await until(() => left.frames.queued === 0)
    await new Promise(setImmediate)
    expect(right.got).toEqual([])
    right.frames.resume()
    await until(() => right.got.length === 1)
  })

  it('are handed out one by one to a handler that pauses after each', async () => {
    const [left, right] = await streamPair()
    const sender = end(left)
    const frames = openFrames(right, { maxFrame: 1_000 })
    const got: number[] = []
    frames.listen({
      onFrame: ([first]) => {
        got.push(first ?? 0)
        frames.pause()
      },
      onEnd: () => undefined,
    })
    for (let index = 1; index <= 20; index++) sender.frames.send(bytes(100, index))
    for (let index = 1; index <= 20; index++) {
      await until(() => got.length === index)
      await new Promise(setImmediate)
      expect(got).toHaveLength(index)
      frames.resume()
    }
    expect(got).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  })

  it.each([
    ['too large', Uint8Array.of(0xff, 0xff, 0x7f), 'too-large'],
    ['no frames', Uint8Array.of(0x00), 'malformed'],
  ])('end when the other side sends what is %s', async (_, sent, reason) => {
    const [left, right] = await pair({ maxFrame: 1_000 })
    left.stream.send(sent)
    expect(await right.ended).toBe(reason)
    expect(right.frames.open).toBe(false)
    expect(right.frames.send(bytes(1))).toBe(false)
    expect(await left.ended).toBe('reset')
  })

  it('end when our own handler throws, which goes no further', async () => {
    const [left, right] = await streamPair()
    const frames = openFrames(right, { maxFrame: 1_000 })
    const { promise, resolve } = Promise.withResolvers<FramesEnd>()
    frames.listen({
      onFrame() {
        throw new Error('a bug')
      },
      onEnd(reason) {
        resolve(reason)
        throw new Error('another bug')
      },
    })
    end(left).frames.send(bytes(1))
    expect(await promise).toBe('threw')
  })

  it('that pile up because the other side does not read end the stream', async () => {
    const [left] = await streamPair()
    const sender = end(left, { maxQueued: 100_000 })
    left.writableNeedsDrain = true
    for (let index = 0; index < 99; index++) expect(sender.frames.send(bytes(1_000))).toBe(true)
    const drained = sender.frames.drained()
    expect(sender.frames.send(bytes(2_000))).toBe(false)
    expect(await sender.ended).toBe('slow-reader')
    expect(await drained).toBe(true) // Little waited when it was asked.
    expect(await sender.frames.drained()).toBe(false)
  })

  it('that were queued are sent before a close', async () => {
    const [left, right] = await pair()
    left.frames.send(bytes(5_000, 7))
    left.frames.close()
    expect(await right.ended).toBe('closed')
    expect(right.got).toEqual([bytes(5_000, 7)])
    expect(await left.ended).toBe('closed')
  })

  it('on a stream that is closed already end at once', async () => {
    const [left] = await streamPair()
    left.abort(new Error('gone'))
    expect(await end(left).ended).toBe('closed')
  })
})
