import type { Store } from '@sotto/interface'

/** Where one device's rows lie. Each call of `make` in the suite gives a new, empty one. */
export interface StorePlace {
  /** Opens the store, also again after it was closed. */
  open(): Promise<Store>
  /** Takes everything away again. */
  dispose?(): Promise<void>
}

/** One thing that every store must do. `run` rejects with the difference. */
export interface StoreCheck {
  readonly name: string
  readonly run: () => Promise<void>
}

/** What a check is given: an empty place and, of it, an open store. */
export type CheckBody = (store: Store, place: StorePlace) => Promise<void>
export type CheckList = Readonly<Record<string, CheckBody>>
