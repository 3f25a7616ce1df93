import { SottoError } from '@sotto/interface'

/** The caller stepped a conversation with something that cannot be: a mistake in this program, never a peer's. */
export class ConversationError extends SottoError {
  override readonly name: string = 'ConversationError'

  constructor(code: 'sealed-out-of-turn' | 'boot-not-counted', message: string) {
    super(code, message)
  }
}
