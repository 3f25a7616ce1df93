import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KINDS } from './kinds.ts'

export interface FileResult {
  readonly file: string
  readonly passed: number
  readonly total: number
  /** What went wrong, one line an entry. */
  readonly failures: readonly string[]
}

/** The vector files in a folder, sorted, and the JSON files that are none of the sixteen kinds. */
export async function vectorFiles(directory: string): Promise<{ known: string[]; unknown: string[] }> {
  const files = (await readdir(directory)).filter((name) => name.endsWith('.json')).sort()
  const isKnown = (name: string) => Object.hasOwn(KINDS, name.slice(0, -'.json'.length))
  return { known: files.filter(isKnown), unknown: files.filter((name) => !isKnown(name)) }
}

/** Runs every entry of one file, or one in `every`. A file that is no JSON array of entries counts as one entry that failed. */
export async function runFile(
  directory: string,
  file: string,
  { every = 1 }: { every?: number } = {},
): Promise<FileResult> {
  const check = KINDS[file.slice(0, -'.json'.length)]
  if (check === undefined) throw new Error(`${file} is none of the sixteen kinds of MLS vectors`)
  const all = await readEntries(join(directory, file))
  if (typeof all === 'string') return { file, passed: 0, total: 1, failures: [`${file}: ${all}`] }
  const entries = [...all.entries()].filter(([index]) => index % every === 0)
  const failures: string[] = []
  for (const [index, entry] of entries) {
    try {
      await check(entry as never)
    } catch (error) {
      failures.push(`${file}[${index}]: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { file, passed: entries.length - failures.length, total: entries.length, failures }
}

async function readEntries(path: string): Promise<unknown[] | string> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path, 'utf8'))
    return Array.isArray(parsed) && parsed.length > 0 ? parsed : 'not a list of vectors'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
