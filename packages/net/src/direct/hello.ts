import type { Connection, Stream } from '@libp2p/interface'
import type { Clock, Hello } from '@sotto/interface'
import { HELLO_PROTOCOL, MAX_HELLO_BYTES } from '@sotto/wire'

import { openFrames, type Frames } from '../frames.ts'
import { inTime } from '../in-time.ts'

/** The whole of hello: a side that is not done by then is refused. */
export const HELLO_MS = 5_000

export interface HelloParts {
  readonly hello: Hello
  readonly clock: Clock
  /** Our own PeerId. */
  readonly self: string
}

/** The dialler's side of `/sotto/hello/1`. True when the listener has proved itself too. */
export async function sayHello(parts: HelloParts, connection: Connection, context: string): Promise<boolean> {
  const { hello, clock, self } = parts
  const peers = { dialler: self, listener: connection.remotePeer.toString() }
  const exchange = async (): Promise<boolean> => {
    const stream = await connection.newStream(HELLO_PROTOCOL)
    const frames = openFrames(stream, { maxFrame: MAX_HELLO_BYTES })
    const reply = firstFrame(frames)
    frames.send(await hello.dial(context, peers))
    const proof = await reply
    frames.close()
    return proof !== undefined && (await hello.confirm(context, proof, peers))
  }
  return (await inTime(clock, HELLO_MS, exchange())) ?? false
}

/** The listener's side: the context that the dialler has proved, and then been answered for. Else nothing was said. */
export async function answerHello(
  parts: HelloParts,
  stream: Stream,
  connection: Connection,
): Promise<string | undefined> {
  const { hello, clock, self } = parts
  const peers = { dialler: connection.remotePeer.toString(), listener: self }
  const frames = openFrames(stream, { maxFrame: MAX_HELLO_BYTES })
  const exchange = async (): Promise<string | undefined> => {
    const proof = await firstFrame(frames)
    const accepted = proof === undefined ? undefined : await hello.accept(proof, peers)
    if (accepted === undefined || !frames.send(accepted.reply)) return undefined
    frames.close()
    return accepted.context
  }
  const context = await inTime(clock, HELLO_MS, exchange())
  if (context === undefined) frames.abort()
  return context
}

/** The next frame, or undefined when the stream ends without one. */
function firstFrame(frames: Frames): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => frames.listen({ onFrame: resolve, onEnd: () => resolve(undefined) }))
}
