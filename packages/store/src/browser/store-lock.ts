import { StoreError } from '../store-error.ts'

/**
 * Takes a name for this worker among all tabs of the origin; the answer gives it back, and so does the worker's end.
 * Throws {@link StoreError} `store-locked` when another worker has it.
 */
export function lockName(name: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const held = navigator.locks.request(`sotto-store-${name}`, { ifAvailable: true }, (lock) => {
      if (lock === null) {
        throw new StoreError('store-locked', 'Sotto is already open in another tab. Use that one, or close it first.')
      }
      return new Promise<void>((release) => resolve(release))
    })
    held.catch(reject)
  })
}
