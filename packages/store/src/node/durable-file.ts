import { open, rename } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StoreError } from '../store-error.ts'

/**
 * Puts a small file in place of the one before, readable to its owner only: after a crash there is the old content or
 * the new one. The old content is then overwritten where it lies, as far as the file system allows that.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const fresh = `${path}.new`
  await writeDurably(fresh, text)
  const old = await openIfThere(path)
  try {
    await rename(fresh, path)
    await syncDirectory(dirname(path))
    if (old !== undefined) {
      const { size } = await old.stat()
      await old.write(new Uint8Array(size), 0, size, 0)
      await old.datasync()
    }
  } finally {
    await old?.close()
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600)
  try {
    await file.chmod(0o600)
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r+')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return // directories cannot be opened there
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code
}

/** Names a failure of the file system for a person. Everything that is already named passes. */
export function fileError(cause: unknown): unknown {
  if (hasCode(cause, 'ENOSPC') || hasCode(cause, 'EDQUOT')) return new StoreError('disk-full', undefined, { cause })
  const code = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(code ?? '')) {
    const message = 'The home folder cannot be written. Check that it is a folder of yours, or use another --home.'
    return new StoreError('store-failed', message, { cause })
  }
  return cause
}
