import { StoreError } from '../store-error.ts'
import type { StoreErrorCode } from '../store-error.ts'
import type { SyncStore } from '../sync-store.ts'

/** The methods that the page calls in the worker, one message each, answered in any order by `id`. */
export interface WorkerMethods extends Omit<SyncStore, 'close'> {
  open(name: string, passphrase: string | undefined): Promise<void>
  rotateSecretsKey(): Promise<void>
  hasPassphrase(): boolean
  setPassphrase(next: string | undefined, old: string | undefined): Promise<void>
  close(): Promise<void>
}

export type MethodName = keyof WorkerMethods

export interface Call {
  readonly id: number
  readonly method: MethodName
  readonly args: readonly unknown[]
}

export type Reply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly failure: Failure }

/** An error as it travels. A TypeError is a mistake of the calling code; everything else is a StoreError. */
export type Failure =
  | { readonly kind: 'type'; readonly message: string }
  | { readonly kind: 'store'; readonly code: StoreErrorCode; readonly message: string; readonly cause: string }

export function toFailure(error: unknown): Failure {
  if (error instanceof TypeError) return { kind: 'type', message: error.message }
  const known = error instanceof StoreError ? error : new StoreError('store-failed', undefined, { cause: error })
  return { kind: 'store', code: known.code, message: known.message, cause: String(known.cause) }
}

export function fromFailure(failure: Failure): Error {
  if (failure.kind === 'type') return new TypeError(failure.message)
  return new StoreError(failure.code, failure.message, { cause: failure.cause })
}
