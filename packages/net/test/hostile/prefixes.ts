import type { Line } from './attack.ts'
import { extremes } from './extremes.ts'
import { joined } from './noise.ts'
import { varint } from './records.ts'
import { turns, uncaughtDuring } from './uncaught.ts'

/** A line on which bytes can be put that are no message. */
export interface RawLine extends Line {
  raw(bytes: Uint8Array): void
}

/**
 * Announces a message of each extreme length, and sends some bytes of it. Answers the lengths after which the line was over, and whatever
 * nobody caught.
 */
export async function announceExtremes(
  open: () => RawLine | Promise<RawLine>,
  maxFrame: number,
): Promise<{ over: bigint[]; uncaught: unknown[] }> {
  const over: bigint[] = []
  const uncaught = await uncaughtDuring(async () => {
    for (const length of extremes(maxFrame)) {
      const line = await open()
      line.raw(joined(varint(length), new Uint8Array(64).fill(0xff)))
      await turns(5)
      if (line.isOver) over.push(length)
      line.end()
    }
  })
  return { over, uncaught }
}
