/** What a total function answers: a value, or the reason why there is none. Nothing that a peer sends makes it throw. */
export type Result<T, Reason extends string = string> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: Reason }

/** Why bytes were refused by a decoder. */
export type DecodeReason =
  | 'too-large'
  | 'malformed'
  | 'not-canonical'
  | 'unknown-version'
  | 'bad-length'
  | 'out-of-range'
  | 'too-many'

/** What every decoder of the wire answers. */
export type Decoded<T> = Result<T, DecodeReason>

/** A value of a {@link Result}. */
export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value }
}

/** A refusal of a {@link Result}. */
export function refuse<Reason extends string>(reason: Reason): { readonly ok: false; readonly reason: Reason } {
  return { ok: false, reason }
}
