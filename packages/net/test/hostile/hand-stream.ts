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

  /** The far end goes without a word. */
  end(): void {
    if (this.status === 'open') this.onRemoteReset()
  }

  override sendData(data: Parameters<AbstractStream['sendData']>[0]): ReturnType<AbstractStream['sendData']> {
    this.answers.push(data.slice())
    return { sentBytes: data.byteLength, canSendMore: true }
  }

  override sendReset(): void {}

  override async sendCloseWrite(): Promise<void> {}

  override async sendCloseRead(): Promise<void> {}

  override sendPause(): void {}

  override sendResume(): void {}
}
