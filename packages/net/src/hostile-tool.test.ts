import { threadCpuUsage } from 'node:process'

import { expect, test } from 'vitest'

import { attack, faultsIn, HandStream, hostileMessages, type Line, type Target } from '../test/hostile/index.ts'

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
