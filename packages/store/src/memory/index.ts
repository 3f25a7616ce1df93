import type { Store } from '@sotto/interface'
import { memoryDisk } from './memory-disk.ts'

export { memoryDisk } from './memory-disk.ts'
export type { MemoryDisk } from './memory-disk.ts'

/** A store that ends with the process, with the semantics of the real ones: for tests and simulations. */
export function memoryStore(): Store {
  return memoryDisk().open()
}
