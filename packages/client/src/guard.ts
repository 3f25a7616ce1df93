import type { Fact } from './fact.ts'
import type { Logger } from '@sotto/interface'

/**
 * Work that nobody awaits. What goes wrong in it is our machine's doing (a full disk, say): it is logged by its code, a person is
 * told where that helps, and `onFailure` may arrange for another try.
 */
export class Background {
  readonly #parts: { logger: Logger; emit(fact: Fact): void; onFailure(code: string): void }
  readonly #running = new Set<Promise<unknown>>()

  constructor(parts: { logger: Logger; emit(fact: Fact): void; onFailure(code: string): void }) {
    this.#parts = parts
  }

  get isBusy(): boolean {
    return this.#running.size > 0
  }

  run(work: () => Promise<unknown>): void {
    const guarded = Promise.resolve()
      .then(work)
      .catch((error: unknown) => this.#fail(error))
    this.#running.add(guarded)
    void guarded.finally(() => this.#running.delete(guarded))
  }

  /** Resolves when everything begun so far has ended. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  #fail(error: unknown): void {
    const { logger, emit, onFailure } = this.#parts
    const text = error instanceof Error ? error.message : 'Something failed.'
    const code = codeOf(error)
    if (code === 'store-closed' || code === 'not-started') return
    logger.warn('work failed', { code })
    if (code === 'disk-full') emit({ type: 'notice', name: 'storage-full', text })
    onFailure(code)
  }
}

/** An error's code, or the name of its class: both are our own machine's words, never a peer's. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error ? String(error.code) : error.name
}
