import { SottoError } from '@sotto/interface'

/** A fault of our own machine or configuration: codes `bad-address`, `not-started`, `already-started`, `listen-failed`, `too-large`, `topic-joined`, `bad-topic`. */
export class NetError extends SottoError {
  override readonly name: string = 'NetError'
}
