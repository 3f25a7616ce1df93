import { SottoError } from '@sotto/interface'

/** How often, and for how long in all, a store is tried that another tab has not let go of yet. Milliseconds. */
const PAUSE = 200
const PATIENCE = 5_000

/**
 * Opens what another tab may hold for a moment longer: a tab that was closed gives back its lead at once, and its store
 * only when its worker has ended. Every other error, and this one after five seconds, is the caller's.
 */
export async function openWhenFree<T>(open: () => Promise<T>): Promise<T> {
  const until = performance.now() + PATIENCE
  for (;;) {
    try {
      return await open()
    } catch (error) {
      const held = error instanceof SottoError && error.code === 'store-locked'
      if (!held || performance.now() > until) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
  }
}
