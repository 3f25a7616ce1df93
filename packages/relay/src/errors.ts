import { SottoError } from '@sotto/interface'

/** What keeps this machine from being a relay. The message says what to do. */
export class RelayError extends SottoError {
  override readonly name: string = 'RelayError'

  constructor(
    code: 'port-taken' | 'cannot-listen' | 'data-locked' | 'data-unusable' | 'bad-option',
    message: string,
    options?: ErrorOptions,
  ) {
    super(code, message, options)
  }
}

/** The `code` of a Node or SQLite error. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
