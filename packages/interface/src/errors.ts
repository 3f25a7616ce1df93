/**
 * The base of every error that our own machine can cause (a remote peer's mistakes are values, not errors).
 * The message is one sentence for a person that says what to do; `code` is stable, for programs.
 */
export class SottoError extends Error {
  override readonly name: string = 'SottoError'
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
