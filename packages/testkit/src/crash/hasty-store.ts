import type { Change, Store } from '@sotto/interface'
import type { MemoryDisk } from '@sotto/store/memory'

/** Commits that are promised and not yet kept, at most. */
const BEHIND = 3

/**
 * A planted mistake: it says that a commit is durable before it is. Each reaches the disk three commits later, so what leaves meanwhile
 * is sent before it is stored, and a crash forgets what was sent.
 */
export function hastyStore(disk: MemoryDisk): Store {
  const shown = disk.copy().open()
  const durable = disk.open()
  const promised: (readonly Change[])[] = []
  const keep = async (atMost: number): Promise<void> => {
    while (promised.length > atMost) await durable.commit(promised.shift() ?? [])
  }
  return {
    ...shown,
    async commit(changes) {
      await shown.commit(changes)
      promised.push(changes)
      await keep(BEHIND)
    },
    async close() {
      await keep(0)
      await shown.close()
      await durable.close()
    },
  }
}
