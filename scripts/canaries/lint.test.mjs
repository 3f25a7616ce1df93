import { afterEach, beforeEach, expect, test } from 'vitest'
import { Workspace } from './workspace.mjs'

/** @type {Workspace} */
let workspace
beforeEach(() => {
  workspace = new Workspace()
})
afterEach(() => workspace.dispose())

/** @param {string} file @param {string} source @returns {string[]} names of the rules that the file breaks */
function broken(file, source) {
  workspace.write(file, source)
  const { output } = workspace.run('oxlint', ['--format', 'json', file])
  const { diagnostics } = /** @type {{ diagnostics: { code: string }[] }} */ (JSON.parse(output))
  return diagnostics.map(({ code }) => code)
}

test('a harmless file breaks no rule', () => {
  expect(broken('packages/net/src/index.ts', `import '@sotto/wire'\n`)).toEqual([])
  expect(broken('packages/core/src/index.ts', `import '@sotto/group'\n`)).toEqual([])
  expect(broken('packages/core/src/index.test.ts', `import 'node:fs'\n`)).toEqual([])
})

test.for([
  ...['packages/net', 'packages/relay', 'apps/relay'].flatMap((room) =>
    ['group', 'identity', 'core', 'client', 'store'].map((name) => [room, `@sotto/${name}`]),
  ),
  ['packages/net', '@sotto/client/node'],
  ['packages/relay', '../../../packages/group/src/index.ts'],
  ...['interface', 'wire', 'identity', 'group', 'core'].map((name) => [`packages/${name}`, 'node:fs']),
])('%s may not import %s', ([room, name]) => {
  expect(broken(`${room}/src/planted.ts`, `import '${name}'\n`)).toEqual(['eslint(no-restricted-imports)'])
})

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
