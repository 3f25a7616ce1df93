import { SottoError } from '@sotto/interface'

/** Something of our own making that the wire does not allow. A peer's bytes never cause it: decoders answer values. */
export class WireError extends SottoError {
  override readonly name: string = 'WireError'

  constructor(code: 'not-encodable' | 'bad-argument', message: string) {
    super(code, message)
  }
}
