/** A value now, or later. */
export type MaybePromise<T> = T | Promise<T>

/** The last parameter of everything that may take long. An abort rejects with `signal.reason`, unwrapped. */
export interface AbortOptions {
  signal?: AbortSignal
}

/** Time. `now` may jump (display, expiry); `monotonic` never goes back (waiting, ageing). Both in milliseconds. */
export interface Clock {
  now(): number
  monotonic(): number
  /** Calls `run` once after `ms` milliseconds; the returned function cancels it. Keeps no process alive. */
  after(ms: number, run: () => void): () => void
}

/** Bytes that nobody can predict. */
export interface Random {
  bytes(length: number): Uint8Array
}

/** The platform's cryptography where it is faster than ours; every implementation gives equal answers. */
export interface Crypto {
  readonly ed25519: Ed25519
  /** The two key encapsulations of X-Wing. Without them, ours are used. */
  readonly kems?: Kems
}

/** X25519 (RFC 7748) and ML-KEM-768 (FIPS 203). Whoever is given bytes that are no key throws, as for an X25519 point of small order. */
export interface Kems {
  readonly x25519: {
    publicKey(secretKey: Uint8Array): MaybePromise<Uint8Array>
    shared(secretKey: Uint8Array, publicKey: Uint8Array): MaybePromise<Uint8Array>
  }
  /** A secret key is its seed of 64 bytes. A platform may take its own randomness instead of the 32 bytes that it is offered. */
  readonly mlKem768: {
    publicKey(seed: Uint8Array): MaybePromise<Uint8Array>
    encapsulate(
      publicKey: Uint8Array,
      randomness: Uint8Array,
    ): MaybePromise<{ ciphertext: Uint8Array; shared: Uint8Array }>
    decapsulate(seed: Uint8Array, ciphertext: Uint8Array): MaybePromise<Uint8Array>
  }
}

/** RFC 8032 Ed25519. `secretKey` is the 32-byte seed. `verify` answers false for anything malformed and never throws. */
export interface Ed25519 {
  publicKey(secretKey: Uint8Array): MaybePromise<Uint8Array>
  sign(secretKey: Uint8Array, message: Uint8Array): MaybePromise<Uint8Array>
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): MaybePromise<boolean>
}

/** Where diagnostics go. `message` and the fields' names are ours; values are counts, our ids' kinds and reasons, never what a peer chose. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, string | number | boolean>>): void
  info(message: string, fields?: Readonly<Record<string, string | number | boolean>>): void
  warn(message: string, fields?: Readonly<Record<string, string | number | boolean>>): void
  /** A logger whose lines carry `scope` before them, for example `net:mailbox`. */
  scope(scope: string): Logger
}

/** Counters of refusals and work, by name and a small closed set of labels. */
export interface Metrics {
  count(name: string, labels?: Readonly<Record<string, string>>, by?: number): void
}

/** A value that changes, for views: the shape of React's `useSyncExternalStore`. */
export interface ReadonlyStore<T> {
  get(): T
  /** Calls `changed` after each change; the returned function ends that. */
  subscribe(changed: () => void): () => void
}
