import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const MADE = /(?:^|\/)(?:node_modules|dist|gen|test-results)(?:\/|$)/
const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g
const CODE = /`([^`\n]+)`/g
/** What stands in code quotes and begins like this is a path from the root. */
const PATH = /^(?:apps|docs|e2e|interop|packages|patches|scripts|spec)\/[\w./*@+-]+$/
const SCRIPT = /\bnpm run (?:--silent )?([a-z][a-z:]*)/g

/** Every document of the repository, as paths from its root. @param {string} root */
export function documents(root) {
  return globSync('**/*.md', { cwd: root, exclude: (path) => MADE.test(path) })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !MADE.test(path))
    .toSorted()
}

/**
 * What a document names and is not there: links, parts of documents, files in code quotes, root scripts.
 * @param {string} root
 * @param {string} path of the document, from the root
 * @returns {string[]}
 */
export function brokenReferences(root, path) {
  const prose = readFileSync(join(root, path), 'utf8').replaceAll(/^```.*?^```$/gms, '')
  return [
    ...found(LINK, prose).filter((target) => !isThere(root, path, target)),
    ...found(CODE, prose).filter((code) => PATH.test(code) && !exists(root, code)),
    ...missingScripts(root, readFileSync(join(root, path), 'utf8')),
  ]
}

/** @param {RegExp} pattern @param {string} text */
function found(pattern, text) {
  return [...text.matchAll(pattern)].map(([, first = '']) => first)
}

/** @param {string} root @param {string} path @param {string} target */
function isThere(root, path, target) {
  if (/^[a-z]+:/.test(target)) return true
  const [file = '', anchor] = target.split('#')
  const other = file === '' ? path : relative(root, join(root, dirname(path), file))
  if (!existsSync(join(root, other))) return false
  return anchor === undefined || anchorsOf(readFileSync(join(root, other), 'utf8')).includes(anchor)
}

/** The names under which a site shows the headings of a document. @param {string} markdown */
function anchorsOf(markdown) {
  return found(/^#+ +(.+)$/gm, markdown).map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** @param {string} root @param {string} path may hold stars */
function exists(root, path) {
  return path.includes('*') ? globSync(path, { cwd: root }).length > 0 : existsSync(join(root, path))
}

/** @param {string} root @param {string} text */
function missingScripts(root, text) {
  const { scripts } = /** @type {{ scripts: object }} */ (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  const gone = found(SCRIPT, text).filter((name) => !Object.hasOwn(scripts, name))
  return gone.map((name) => `npm run ${name}`)
}
