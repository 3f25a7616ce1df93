import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Folders that are made from the others. */
const MADE = new Set(['node_modules', 'dist', 'gen', 'test-results', 'coverage'])
const INSTALL = /(?:^|\/)package\.json$|^pnpm-(?:lock|workspace)\.yaml$|^patches\//
/** No build reads them. */
const UNREAD = /\.test\.tsx?$|\.md$|^vitest\.config\.ts$/

/**
 * Two short texts that change when an input of the installation, or of the build, does. Sizes and times stand for contents:
 * reading every file would cost more than the task.
 * @param {string} root
 * @returns {{ install: string, build: string }}
 */
export function fingerprints(root) {
  const files = [
    ...topFiles(root),
    ...['packages', 'apps', 'e2e', 'patches'].flatMap((folder) => walk(root, folder)),
  ].toSorted()
  return {
    install: digest(
      root,
      files.filter((file) => INSTALL.test(file)),
    ),
    build: digest(root, files),
  }
}

/** @param {string} root */
function topFiles(root) {
  return readdirSync(root).filter((name) =>
    /^(?:package\.json|turbo\.json|rolldown\.program\.ts|tsconfig.*\.json|pnpm-(?:lock|workspace)\.yaml)$/.test(name),
  )
}

/** @param {string} root @param {string} folder @returns {string[]} paths relative to the root, with `/` */
function walk(root, folder) {
  return entries(join(root, folder)).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.name.startsWith('.') || MADE.has(entry.name)) return []
    if (entry.isDirectory()) return walk(root, path)
    return UNREAD.test(entry.name) ? [] : [path]
  })
}

/** @param {string} folder */
function entries(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return [] // not there, or gone while we look
  }
}

/** @param {string} root @param {string[]} files */
function digest(root, files) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`)
  for (const file of files) {
    const found = statSync(join(root, file), { throwIfNoEntry: false })
    hash.update(`${file} ${found?.size} ${found?.mtimeMs}\n`)
  }
  return hash.digest('hex')
}
