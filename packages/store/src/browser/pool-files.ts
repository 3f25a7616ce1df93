import { StoreError } from '../store-error.ts'

/** Where SQLite's pool keeps its files, below the folder that it is given. */
const FILES_FOLDER = '.opaque'
const WAIT_MS = 100
const MAX_WAITS = 100

/** Only workers can open files in this way, and the page's types do not know of it. */
interface WorkerFile {
  createSyncAccessHandle(): Promise<{ close(): void }>
}

/**
 * Waits until every file of a pool can be opened. A tab that has just died may still hold some for a moment although
 * its lock is free already, and the pool itself would not get over that: it leaves some of them open when it fails.
 * Throws {@link StoreError} `store-locked` after ten seconds.
 */
export async function waitForFiles(directory: string): Promise<void> {
  const files = await filesOf(directory)
  for (let waits = 0; waits <= MAX_WAITS; waits += 1) {
    if (await canOpenAll(files)) return
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS))
  }
  throw new StoreError('store-locked')
}

async function filesOf(directory: string): Promise<WorkerFile[]> {
  try {
    const root = await navigator.storage.getDirectory()
    const folder = await (await root.getDirectoryHandle(directory)).getDirectoryHandle(FILES_FOLDER)
    const files: WorkerFile[] = []
    for await (const entry of folder.values()) if (entry.kind === 'file') files.push(entry as unknown as WorkerFile)
    return files
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return [] // a new store
    throw error
  }
}

async function canOpenAll(files: readonly WorkerFile[]): Promise<boolean> {
  try {
    for (const file of files) (await file.createSyncAccessHandle()).close()
    return true
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NoModificationAllowedError') return false
    throw error
  }
}
