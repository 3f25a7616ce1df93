import type { Store } from '@sotto/interface'
import { StoreError } from '../store-error.ts'
import { asyncStore } from '../sync-store.ts'
import { copyContent, emptyContent } from './memory-content.ts'
import type { MemoryContent } from './memory-content.ts'
import { memorySyncStore } from './memory-store.ts'

/**
 * What a device's disk is to its store: rows stay here when the store is closed or its process ends. `crash` is the
 * end of the process: the open store is dead, whatever was committed is there for the next one.
 */
export interface MemoryDisk {
  /** Throws {@link StoreError} `store-locked` while another store of this disk is open. */
  open(): Store
  crash(): void
  /** Another disk with the same rows, as a backup or a copied folder has them. */
  copy(): MemoryDisk
  /** While true, every commit fails with `disk-full` and changes nothing. */
  full: boolean
}

export function memoryDisk(): MemoryDisk {
  return diskOf(emptyContent())
}

function diskOf(content: MemoryContent): MemoryDisk {
  let holder: symbol | undefined
  const disk: MemoryDisk = {
    full: false,
    open() {
      if (holder !== undefined) throw new StoreError('store-locked')
      const self = Symbol('store')
      holder = self
      const checkAlive = (): void => {
        if (holder !== self) throw new StoreError('store-closed')
      }
      const checkSpace = (): void => {
        if (disk.full) throw new StoreError('disk-full')
      }
      const release = (): void => {
        if (holder === self) holder = undefined
      }
      const { assertOpen: _, ...store } = asyncStore(memorySyncStore(content, checkAlive, checkSpace), release)
      return store
    },
    crash() {
      holder = undefined
    },
    copy: () => diskOf(copyContent(content)),
  }
  return disk
}
