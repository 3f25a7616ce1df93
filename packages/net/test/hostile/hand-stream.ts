import { AbstractStream } from '@libp2p/utils'

import { silentLogger } from '../../src/silent-logger.ts'

let made = 0

/**
 * The near end of a libp2p stream whose far end is the test's hand: what is delivered reaches the handler at once, in the caller's
 * own turn, so that a turn's cost can be measured.
 */
export class HandStream extends AbstractStream {
  /** What the handler has sent, chunk by chunk. */
  readonly answers: Uint8Array[] = []
  #other: HandStream | undefined

  constructor(protocol: string) {
    made += 1
    super({ id: String(made), protocol, log: silentLogger.forComponent('hand'), direction: 'inbound' })
  }

  get isOver(): boolean {
    return this.status !== 'open' || this.writeStatus !== 'writable'
  }

  deliver(bytes: Uint8Array): void {
    this.onData(bytes)
  }

  /** Makes the two streams the ends of one: what was answered before, and whatever will be, reaches the other. */
  join(other: HandStream): void {
    const ends = [this, other] as const
    for (const [from, to] of [ends, ends.toReversed() as [HandStream, HandStream]]) {
      from.#other = to
      for (const said of from.answers.splice(0)) queueMicrotask(() => to.deliver(said))
    }
  }

  /** The far end goes without a word. */
  end(): void {
    if (this.status === 'open') this.onRemoteReset()
  }

  override sendData(data: Parameters<AbstractStream['sendData']>[0]): ReturnType<AbstractStream['sendData']> {
    const bytes = data.slice()
    const other = this.#other
    if (other === undefined) this.answers.push(bytes)
    else queueMicrotask(() => other.deliver(bytes))
    return { sentBytes: data.byteLength, canSendMore: true }
  }

  override sendReset(): void {}

  override async sendCloseWrite(): Promise<void> {}

  override async sendCloseRead(): Promise<void> {}

  override sendPause(): void {}

  override sendResume(): void {}
}
