import { threadCpuUsage } from 'node:process'

import { expect, test } from 'vitest'

import { FrameReader } from './frame-reader.ts'
import {
  announceExtremes,
  attack,
  faultsIn,
  HandStream,
  hostileMessages,
  joined,
  numberRecord,
  bytesRecord,
  withExtremes,
  type Line,
  type RawLine,
  type Target,
} from '../test/hostile/index.ts'

const SEED = 20_261_128
const GOOD = Uint8Array.from({ length: 64 }, (_, at) => at)
const isGood = (bytes: Uint8Array): boolean => Buffer.from(bytes).equals(GOOD)

/** A handler that takes one message and nothing else, with that done on what is refused. */
function target(onRefused: (stream: HandStream, bytes: Uint8Array) => void, honest = async () => {}): Target {
  return {
    open: (): Line => {
      const stream = new HandStream('/test/1')
      stream.addEventListener('message', ({ data }) => {
        if (!isGood(data.subarray())) onRefused(stream, data.subarray())
      })
      return stream
    },
    judge: () => (bytes) => !isGood(bytes),
    honest,
  }
}

/** Uses that many ms of processor time, which pass slower on a busy machine. */
function burn(ms: number): void {
  const before = threadCpuUsage()
  while (threadCpuUsage(before).user < ms * 1_000) Math.sqrt(2)
}

const close = (stream: HandStream): void => stream.abort(new Error('refused'))
const find = async (handler: Target, count = 1_500): Promise<string[]> =>
  faultsIn(await attack(handler, hostileMessages(SEED, count, [GOOD])))

test(`a handler that closes what it refuses has no faults (seed ${SEED})`, async () => {
  expect(await find(target(close))).toEqual([])
})

test(`planted: a handler that throws is found (seed ${SEED})`, async () => {
  const faults = await find(
    target((stream) => {
      close(stream)
      throw new Error('a bug')
    }),
  )
  expect(faults).toEqual([expect.stringMatching(/errors that nobody caught, first Error: a bug/)])
})

test(`planted: a promise that is rejected and forgotten is found (seed ${SEED})`, async () => {
  const faults = await find(
    target((stream) => {
      close(stream)
      void Promise.reject(new Error('forgotten'))
    }),
  )
  expect(faults).toEqual([expect.stringMatching(/errors that nobody caught, first Error: forgotten/)])
})

test(`planted: a handler that leaves the stream of one in a hundred open is found (seed ${SEED})`, async () => {
  let count = 0
  const faults = await find(
    target((stream) => {
      count += 1
      if (count % 100 !== 0) close(stream)
    }),
    300,
  )
  expect(faults).toEqual([expect.stringMatching(/lines left open, first after frame/)])
})

test(`planted: a handler that is slow for one kind of message is found (seed ${SEED})`, async () => {
  const faults = await find(
    target((stream, bytes) => {
      if (bytes.length === 128) burn(60)
      close(stream)
    }),
    200,
  )
  expect(faults).toEqual([expect.stringMatching(/a refused frame cost \d+\.\d ms/)])
})

test(`planted: a handler that keeps what it refuses is found (seed ${SEED})`, async () => {
  const kept: Uint8Array[] = []
  const faults = await find(
    target((stream) => {
      kept.push(new Uint8Array(128 * 1024).fill(1))
      close(stream)
    }),
  )
  expect(kept.length).toBeGreaterThan(1_000)
  expect(faults).toEqual([expect.stringMatching(/memory grew by \d+ MiB/)])
})

test(`planted: a handler that mixes up an honest peer's answers is found (seed ${SEED})`, async () => {
  let answers = 0
  const faults = await find(
    target(close, async () => {
      answers += 1
      if (answers === 3) throw new Error('another answer')
    }),
  )
  expect(faults).toEqual(['an honest peer was disturbed: Error: another answer'])
})

const MAX = 1_000
const REFUSED = [0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 64n - 1n]

/** A line whose reader says of the bytes on it whether they break its rules; a frame of one byte does. */
function announced(breaks: (bytes: Uint8Array) => boolean): RawLine {
  const stream = new HandStream('/test/1')
  stream.addEventListener('message', ({ data }) => {
    if (breaks(data.subarray())) close(stream)
  })
  return {
    deliver: (bytes) => stream.deliver(bytes),
    raw: (bytes) => stream.deliver(bytes),
    get isOver() {
      return stream.isOver
    },
    end: () => stream.end(),
  }
}

test('lengths at their extremes are refused by a reader that keeps the rules', async () => {
  const rules = (bytes: Uint8Array): boolean => {
    const reader = new FrameReader(MAX, MAX)
    reader.push(bytes)
    return reader.next() !== undefined
  }
  expect(await announceExtremes(() => announced(rules), MAX)).toEqual({ over: REFUSED, uncaught: [] })
})

test('planted: a reader whose lengths have 32 bits is found', async () => {
  const wraps = (bytes: Uint8Array): boolean => {
    let length = 0
    for (let at = 0, shift = 0; ; at++, shift += 7) {
      const byte = bytes[at] ?? 0
      length |= (byte & 0x7f) << shift
      // An empty message is none to it, and 2^32 is empty.
      if (byte < 0x80) return length === 1 || length >>> 0 > MAX
    }
  }
  const { over } = await announceExtremes(() => announced(wraps), MAX)
  expect(over).not.toContain(2n ** 32n)
})

test('every length and every number of a message is put at each extreme, at any depth', () => {
  const inner = joined(numberRecord(1, 5), bytesRecord(2, Uint8Array.of(0xff)))
  const message = joined(numberRecord(1, 7), bytesRecord(2, inner))
  const changed = withExtremes(message, MAX)
  // Two at the outside, two inside; eight extremes for each.
  expect(changed).toHaveLength(4 * 8)
  expect(changed).toContainEqual(joined(numberRecord(1, 2n ** 64n - 1n), bytesRecord(2, inner)))
  expect(changed).toContainEqual(
    joined(numberRecord(1, 7), bytesRecord(2, joined(numberRecord(1, 2n ** 53n), bytesRecord(2, Uint8Array.of(0xff))))),
  )
})
