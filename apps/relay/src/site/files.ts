import { readFile, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'

/** A file of the page as it is on disk. */
export interface PageFile {
  readonly path: string
  readonly bytes: Buffer
  /** Changes when the file does. */
  readonly version: string
}

/** A segment of a path that can name a file of the page: no dot at the start, so neither `..` nor hidden files. */
const SEGMENT = /^[A-Za-z0-9_@~+-][A-Za-z0-9_@~+.-]*$/

/** The file that a URL's path names, or `undefined`. Never one outside the folder, whatever the path or a link says. */
export async function fileAt(root: string, urlPath: string): Promise<PageFile | undefined> {
  const segments = urlPath.split('/').slice(1)
  if (!segments.every((segment) => SEGMENT.test(segment))) return undefined
  try {
    const path = await realpath(join(root, ...segments))
    if (!path.startsWith((await realpath(root)) + sep)) return undefined
    const { mtimeMs, size } = await stat(path)
    return { path: urlPath, bytes: await readFile(path), version: `"${size.toString(36)}-${mtimeMs.toString(36)}"` }
  } catch {
    return undefined // Not there, or a folder: nothing to serve under that path.
  }
}
