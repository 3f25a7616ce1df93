import type { ReadonlyStore } from '@sotto/interface'
import type { Profile } from '../profile.ts'
import { Observable } from '../observable.ts'
import type { ClientSnapshot } from './client-snapshots.ts'

export interface CurrentInit {
  build(): Promise<ClientSnapshot>
  /** Open conversations are shown anew, too. */
  refreshViews(): Promise<void>
  onError(error: unknown): void
}

/** The client's snapshot as it is now: built anew after changes, once for many of one moment. */
export class Current {
  readonly #init: CurrentInit
  readonly #snapshot: Observable<ClientSnapshot>
  #isStale = false
  #refreshing: Promise<void> | undefined

  constructor({ account, device, name, retired }: Profile, init: CurrentInit) {
    this.#init = init
    this.#snapshot = new Observable<ClientSnapshot>({
      self: { account, device, name, retired },
      online: false,
      relays: [],
      requests: [],
      awaited: [],
      conversations: [],
      invitations: [],
      waiting: [],
    })
  }

  get store(): ReadonlyStore<ClientSnapshot> {
    return this.#snapshot
  }

  /** Something that a snapshot shows has changed. */
  changed(): void {
    this.#isStale = true
    this.#refreshing ??= this.#refreshLater()
  }

  /** Resolves when the snapshots show everything that has happened so far. */
  async refreshed(): Promise<void> {
    await this.#refreshing
  }

  async refresh(): Promise<void> {
    this.#isStale = false
    this.#snapshot.set(await this.#init.build())
    await this.#init.refreshViews()
  }

  /** Many changes of one moment make one snapshot. */
  async #refreshLater(): Promise<void> {
    await Promise.resolve()
    try {
      while (this.#isStale) await this.refresh()
    } catch (error) {
      this.#init.onError(error)
    } finally {
      this.#refreshing = undefined
    }
  }
}
