import { cpuMs, residentBytes } from './costs.ts'
import { turns, uncaughtDuring } from './uncaught.ts'

/** One stream to the handler under test, in the attacker's hand. */
export interface Line {
  deliver(bytes: Uint8Array): void
  /** The handler has ended the stream or its connection. */
  readonly isOver: boolean
  end(): void
}

export interface Target {
  open(): Line | Promise<Line>
  /** For one line: says of each frame in turn whether it must end that line. */
  judge(): (frame: Uint8Array) => boolean
  /** One exchange of an honest peer of the same handler. Throws when anything about it is wrong. */
  honest(): Promise<void>
}

export interface Findings {
  readonly sent: number
  /** Frames that had to be refused. */
  readonly refused: number
  readonly uncaught: readonly unknown[]
  /** Numbers of the frames after which the line should have been over, and was not. */
  readonly leftOpen: readonly number[]
  /** Processor time of the dearest refused frame, from its delivery to the end of its line; the least of three when it is dear. */
  readonly dearestMs: number
  readonly grownBytes: number
  readonly exchanges: number
  readonly disturbed: readonly unknown[]
}

/** What the issue allows a stranger to cost. */
export const MAX_CPU_MS = 50
export const MAX_GROWN_BYTES: number = 64 * 1024 * 1024
/** By then the process is as large as its code makes it. */
const WARM = 500
const HONEST_EACH = 250
/** Turns of the event loop that the end of a line may take; work on other threads takes some. */
const MAX_TURNS = 20_000

/** Delivers frame after frame, each line as far as it goes and then the next, and watches what becomes of the handler. */
export async function attack(target: Target, frames: readonly Uint8Array[]): Promise<Findings> {
  const first = await assault(target, frames)
  if (first.grownBytes < MAX_GROWN_BYTES) return first
  // The engine makes room for short-lived things once; what is kept is kept a second time too.
  const second = await assault(target, frames)
  return { ...first, grownBytes: Math.min(first.grownBytes, second.grownBytes) }
}

async function assault(target: Target, frames: readonly Uint8Array[]): Promise<Findings> {
  const running = new Assault(target)
  const uncaught = await uncaughtDuring(() => running.run(frames))
  return { ...running.findings(), uncaught }
}

class Assault {
  readonly #target: Target
  #line: Line | undefined
  #judge: (frame: Uint8Array) => boolean = () => true
  /** What went over the present line before. */
  #told: Uint8Array[] = []
  #sent = 0
  #refused = 0
  #dearestMs = 0
  #before = 0
  #after = 0
  #exchanges = 0
  readonly #leftOpen: number[] = []
  readonly #disturbed: unknown[] = []

  constructor(target: Target) {
    this.#target = target
  }

  async run(frames: readonly Uint8Array[]): Promise<void> {
    for (const frame of frames) {
      if (this.#sent === WARM) this.#before = residentBytes()
      if (this.#sent % HONEST_EACH === 0) await this.#exchange()
      await this.#send(frame)
      this.#sent += 1
    }
    this.#line?.end()
    await this.#exchange()
    this.#after = residentBytes()
  }

  findings(): Omit<Findings, 'uncaught'> {
    return {
      sent: this.#sent,
      refused: this.#refused,
      leftOpen: this.#leftOpen,
      dearestMs: this.#dearestMs,
      grownBytes: this.#after - (this.#before === 0 ? this.#after : this.#before),
      exchanges: this.#exchanges,
      disturbed: this.#disturbed,
    }
  }

  async #send(frame: Uint8Array): Promise<void> {
    const line = (this.#line ??= await this.#begin())
    const before = this.#told
    this.#told = [...before, frame]
    if (!this.#judge(frame)) {
      line.deliver(frame)
      return turns(1)
    }
    this.#refused += 1
    this.#line = undefined
    const first = await cpuMs(() => this.#refusal(line, frame))
    if (!line.isOver) this.#leftOpen.push(this.#sent)
    line.end()
    this.#dearestMs = Math.max(this.#dearestMs, first < MAX_CPU_MS ? first : await this.#again(before, frame, first))
  }

  async #refusal(line: Line, frame: Uint8Array): Promise<void> {
    line.deliver(frame)
    for (let turn = 0; !line.isOver && turn < MAX_TURNS; turn++) await turns(1)
  }

  /** A collection of garbage may have fallen into the first measurement; not into all three. */
  async #again(before: readonly Uint8Array[], frame: Uint8Array, first: number): Promise<number> {
    let least = first
    for (let time = 0; time < 2; time++) {
      const line = await this.#target.open()
      for (const told of before) line.deliver(told)
      await turns(1)
      least = Math.min(least, await cpuMs(() => this.#refusal(line, frame)))
      line.end()
    }
    return least
  }

  async #begin(): Promise<Line> {
    this.#judge = this.#target.judge()
    this.#told = []
    return this.#target.open()
  }

  async #exchange(): Promise<void> {
    try {
      await this.#target.honest()
      this.#exchanges += 1
    } catch (error) {
      this.#disturbed.push(error)
    }
  }
}

/** What is wrong with a handler, in words; nothing when it holds. */
export function faultsIn(findings: Findings): string[] {
  const { sent, refused, uncaught, leftOpen, dearestMs, grownBytes, exchanges, disturbed } = findings
  const faults: string[] = []
  if (uncaught.length > 0) faults.push(`${uncaught.length} errors that nobody caught, first ${String(uncaught[0])}`)
  if (leftOpen.length > 0) faults.push(`${leftOpen.length} lines left open, first after frame ${leftOpen[0]}`)
  if (dearestMs >= MAX_CPU_MS) faults.push(`a refused frame cost ${dearestMs.toFixed(1)} ms`)
  if (grownBytes >= MAX_GROWN_BYTES) faults.push(`memory grew by ${Math.round(grownBytes / 2 ** 20)} MiB`)
  if (disturbed.length > 0) faults.push(`an honest peer was disturbed: ${String(disturbed[0])}`)
  if (exchanges === 0) faults.push('no honest peer was there')
  // Inputs that are hardly ever wrong show nothing.
  if (refused < sent / 10) faults.push(`only ${refused} of ${sent} frames had to be refused`)
  return faults
}
