import type { Change, Store } from '@sotto/interface'
import type { MemoryDisk } from '@sotto/store/memory'

/**
 * A planted mistake: it says that a commit is durable before it is. Each reaches the disk with the next one, so whatever leaves in
 * between is sent before it is stored, and a crash forgets what was sent.
 */
export function hastyStore(disk: MemoryDisk): Store {
  const shown = disk.copy().open()
  const durable = disk.open()
  let promised: readonly Change[] = []
  const keep = async (): Promise<void> => {
    const changes = promised
    promised = []
    await durable.commit(changes)
  }
  return {
    ...shown,
    async commit(changes) {
      await shown.commit(changes)
      await keep()
      promised = changes
    },
    async close() {
      await keep()
      await shown.close()
      await durable.close()
    },
  }
}
