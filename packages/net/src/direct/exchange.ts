import type { Stream } from '@libp2p/interface'
import type { Clock } from '@sotto/interface'
import { MAX_HELLO_BYTES } from '@sotto/wire'

import { openFrames, type Frames } from '../frames.ts'

/** The whole of hello: a side that is not done by then is refused. */
export const HELLO_MS = 5_000

/** The next frame of a hello stream, or undefined when it ends or takes too long. */
export function helloFrames(stream: Stream, clock: Clock): { frames: Frames; next: Promise<Uint8Array | undefined> } {
  const frames = openFrames(stream, { maxFrame: MAX_HELLO_BYTES })
  const next = new Promise<Uint8Array | undefined>((resolve) => {
    const cancel = clock.after(HELLO_MS, () => resolve(undefined))
    const done = (frame: Uint8Array | undefined): void => {
      cancel()
      resolve(frame)
    }
    frames.listen({ onFrame: done, onEnd: () => done(undefined) })
  })
  return { frames, next }
}
