import type { Stream } from '@libp2p/interface'
import { concat } from 'uint8arrays/concat'

import { framePrefix, FrameReader, type FrameFault } from './frame-reader.ts'
import { nextMacrotask } from './macrotask.ts'

/** Why a stream of frames ended. `slow-reader`: the other side did not read; `threw`: our own handler failed. */
export type FramesEnd = 'closed' | 'reset' | 'slow-reader' | 'threw' | FrameFault

export interface FramesInit {
  /** Greatest frame accepted, in bytes without its prefix. */
  readonly maxFrame: number
  /** Bytes that may wait to be written before the stream is given up. @default 4 MiB */
  readonly maxQueued?: number
}

export interface FrameHandlers {
  /** A frame of its own (not a view on a shared buffer). */
  onFrame(frame: Uint8Array): void
  /** Called once; no frame follows. */
  onEnd(reason: FramesEnd): void
}

/** Length-prefixed frames over one long-lived libp2p stream. Nothing here throws because of the other side. */
export interface Frames {
  readonly open: boolean
  /** Bytes given to `send` that the connection has not taken over yet. */
  readonly queued: number
  /** Begins reading. What came before is not lost. */
  listen(handlers: FrameHandlers): void
  /** Queues a frame; all frames of one macrotask leave in one write. False once the stream has ended. */
  send(frame: Uint8Array): boolean
  /** Stops handing out frames, and after about one window also stops the sender. */
  pause(): void
  resume(): void
  /** Resolves true when little enough waits that more may be sent, false when the stream ended. */
  drained(): Promise<boolean>
  /** Writes what is queued, then closes. */
  close(): void
  abort(): void
}

const MAX_QUEUED = 4 * 1024 * 1024
const WRITE_BYTES = 256 * 1024
const DRAINED_BYTES = 512 * 1024
/** What libp2p itself would keep for a paused stream, and hand out in one piece afterwards. */
const PAUSED_SLACK = 4 * 1024 * 1024

export function openFrames(stream: Stream, init: FramesInit): Frames {
  return new StreamFrames(stream, init)
}

class StreamFrames implements Frames {
  readonly #stream: Stream
  readonly #reader: FrameReader
  readonly #maxQueued: number
  #handlers: FrameHandlers | undefined
  #ended: FramesEnd | undefined
  #queue: Uint8Array[] = []
  #queuedBytes = 0
  #flushing = false
  #closing = false
  #paused = false
  #waiters: ((open: boolean) => void)[] = []

  constructor(stream: Stream, { maxFrame, maxQueued = MAX_QUEUED }: FramesInit) {
    this.#stream = stream
    this.#reader = new FrameReader(maxFrame, PAUSED_SLACK)
    this.#maxQueued = maxQueued
    // Never inside these events: libp2p dispatches them while it is still sending, and would forget what is added then.
    const flush = (): void => queueMicrotask(() => this.#flush())
    stream.addEventListener('drain', flush)
    stream.addEventListener('idle', flush)
    stream.addEventListener('close', ({ error }) => this.#end(error === undefined ? 'closed' : 'reset'))
    stream.addEventListener('remoteCloseWrite', () => this.#end('closed'))
    if (stream.status !== 'open') this.#end('closed')
  }

  get open(): boolean {
    return this.#ended === undefined && !this.#closing
  }

  get queued(): number {
    return this.#queuedBytes + this.#stream.writeBufferLength
  }

  listen(handlers: FrameHandlers): void {
    this.#handlers = handlers
    if (this.#ended !== undefined) return handlers.onEnd(this.#ended)
    this.#stream.addEventListener('message', ({ data }) => {
      if (this.#ended !== undefined) return
      if (!this.#reader.push(data instanceof Uint8Array ? data : data.subarray())) return this.#fail('overflow')
      this.#deliver()
    })
  }

  send(frame: Uint8Array): boolean {
    if (!this.open) return false
    const prefix = framePrefix(frame.length)
    this.#queue.push(prefix, frame)
    this.#queuedBytes += prefix.length + frame.length
    if (this.queued > this.#maxQueued) {
      this.#fail('slow-reader')
      return false
    }
    if (!this.#flushing) {
      this.#flushing = true
      nextMacrotask(() => {
        this.#flushing = false
        this.#flush()
      })
    }
    return true
  }

  pause(): void {
    this.#paused = true
    // Not at once: inside a `message` listener libp2p's own dispatch would undo it.
    queueMicrotask(() => {
      if (this.#paused && this.open) quietly(() => this.#stream.pause())
    })
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#deliver()
    if (!this.#paused && this.open) quietly(() => this.#stream.resume())
  }

  async drained(): Promise<boolean> {
    if (!this.open) return false
    if (this.queued <= DRAINED_BYTES) return true
    return new Promise((resolve) => this.#waiters.push(resolve))
  }

  close(): void {
    if (!this.open) return
    this.#closing = true
    this.#flush()
  }

  abort(): void {
    this.#fail('closed')
  }

  #deliver(): void {
    while (!this.#paused && this.#ended === undefined) {
      const next = this.#reader.next()
      if (next === undefined) return
      if ('fault' in next) return this.#fail(next.fault)
      try {
        this.#handlers?.onFrame(next.frame)
      } catch {
        return this.#fail('threw') // An exception that leaves a stream's listener would end the process.
      }
    }
  }

  #flush(): void {
    if (this.#ended !== undefined) return
    try {
      while (this.#queue.length > 0 && !this.#stream.writableNeedsDrain) this.#stream.send(this.#takeBatch())
    } catch {
      return this.#fail('reset')
    }
    if (this.queued <= DRAINED_BYTES) this.#wake(true)
    if (this.#closing && this.#queue.length === 0) void this.#finish()
  }

  #takeBatch(): Uint8Array {
    let count = 0
    let bytes = 0
    while (count < this.#queue.length && bytes < WRITE_BYTES) bytes += this.#queue[count++]?.length ?? 0
    this.#queuedBytes -= bytes
    return concat(this.#queue.splice(0, count), bytes)
  }

  async #finish(): Promise<void> {
    this.#end('closed')
    await this.#stream.close({ signal: AbortSignal.timeout(2_000) }).catch((error: unknown) => {
      this.#stream.abort(error instanceof Error ? error : new Error('The stream did not close in time.'))
    })
  }

  #fail(reason: FramesEnd): void {
    if (this.#ended !== undefined) return
    this.#end(reason)
    this.#stream.abort(new Error(`The stream of frames ended: ${reason}.`))
  }

  #end(reason: FramesEnd): void {
    if (this.#ended !== undefined) return
    this.#ended = reason
    this.#queue = []
    this.#queuedBytes = 0
    this.#wake(false)
    quietly(() => this.#handlers?.onEnd(reason))
  }

  #wake(open: boolean): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const waiter of waiters) waiter(open)
  }
}

/** For what must not end the process from inside a listener: pausing a stream that has just closed, a handler's own failure. */
function quietly(run: () => void): void {
  try {
    run()
  } catch {
    // The stream has ended or is about to, and says so by its own events.
  }
}
