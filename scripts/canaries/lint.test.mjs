import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Workspace } from './workspace.mjs'

/** @type {Workspace} */
let workspace
beforeEach(() => {
  workspace = new Workspace()
})
afterEach(() => workspace.dispose())

/** @param {string} file @param {string} source @returns {string[]} names of the rules that the file breaks */
function broken(file, source) {
  return brokenIn(workspace, { [file]: source })[file] ?? []
}

/**
 * Looks at several files at once, which takes no longer than one.
 * @param {Workspace} workspace
 * @param {Record<string, string>} files sources by file
 * @returns {Record<string, string[]>} names of the rules that each breaks, of those that break any
 */
function brokenIn(workspace, files) {
  for (const [file, source] of Object.entries(files)) workspace.write(file, source)
  const { output } = workspace.run('oxlint', ['--format', 'json', ...Object.keys(files)])
  const { diagnostics } = /** @type {{ diagnostics: { code: string, filename: string }[] }} */ (JSON.parse(output))
  /** @type {Record<string, string[]>} */
  const found = {}
  for (const { code, filename } of diagnostics) (found[filename] ??= []).push(code)
  return found
}

test('a harmless file breaks no rule', () => {
  expect(broken('packages/net/src/index.ts', `import '@sotto/wire'\n`)).toEqual([])
  expect(broken('packages/core/src/index.ts', `import '@sotto/group'\n`)).toEqual([])
  expect(broken('packages/core/src/index.test.ts', `import 'node:fs'\n`)).toEqual([])
})

/** What each room may not import. @type {[room: string, name: string][]} */
const FORBIDDEN = [
  ...['packages/net', 'packages/relay', 'apps/relay'].flatMap((room) =>
    ['group', 'identity', 'core', 'client', 'store'].map(
      (name) => /** @type {[string, string]} */ ([room, `@sotto/${name}`]),
    ),
  ),
  ['packages/net', '@sotto/client/node'],
  ['packages/relay', '../../../packages/group/src/index.ts'],
  ...['interface', 'wire', 'identity', 'group', 'core'].map(
    (name) => /** @type {[string, string]} */ ([`packages/${name}`, 'node:fs']),
  ),
]

describe('what rooms may not import', () => {
  /** @type {Record<string, string[]>} */
  let found
  beforeAll(() => {
    const planted = new Workspace()
    found = brokenIn(
      planted,
      Object.fromEntries(FORBIDDEN.map(([room, name], at) => [fileOf(room, at), `import '${name}'\n`])),
    )
    planted.dispose()
  })

  test.for(FORBIDDEN.map(([room, name], at) => /** @type {const} */ ([room, name, at])))(
    '%s may not import %s',
    ([room, , at]) => {
      expect(found[fileOf(room, at)]).toEqual(['eslint(no-restricted-imports)'])
    },
  )
})

/** @param {string} room @param {number} at */
function fileOf(room, at) {
  return `${room}/src/planted-${at}.ts`
}

test.for([
  ['Date.now()', 'eslint(no-restricted-properties)'],
  ['new Date()', 'eslint(no-restricted-globals)'],
  ['Math.random()', 'eslint(no-restricted-properties)'],
])('a pure room may not ask for %s', ([expression, rule]) => {
  expect(broken('packages/core/src/planted.ts', `export const found: unknown = ${expression}\n`)).toContain(rule)
})

test.for([
  ['typescript(no-floating-promises)', 'export const go = async (): Promise<void> => {}\ngo()\n'],
  ['typescript(no-explicit-any)', 'export const whatever: any = 1\n'],
  ['eslint(max-lines)', 'export {}\n'.repeat(401)],
])('%s bites', ([rule, source = '']) => {
  workspace.write('packages/net/tsconfig.json', '{ "extends": "../../tsconfig.isomorphic.json", "include": ["src"] }')
  expect(broken('packages/net/src/planted.ts', source)).toContain(rule)
})

test('import(no-cycle) bites', () => {
  workspace.write('packages/net/src/one.ts', `import { two } from './two.ts'\nexport const one = (): number => two()\n`)
  expect(
    broken('packages/net/src/two.ts', `import { one } from './one.ts'\nexport const two = (): number => one()\n`),
  ).toEqual(['import(no-cycle)'])
})
