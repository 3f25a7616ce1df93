import { SottoError } from '@sotto/interface'

/** Our own machine asked for something impossible. What others send never throws: it is refused with a reason. */
export class IdentityError extends SottoError {
  override readonly name: string = 'IdentityError'

  constructor(code: 'bad-chain' | 'chain-full' | 'bad-address' | 'bad-argument', message: string) {
    super(code, message)
  }
}
