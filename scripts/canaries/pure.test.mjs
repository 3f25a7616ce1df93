import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ROOT } from '../bootstrap/places.mjs'
import { Workspace } from './workspace.mjs'

/** @type {Workspace} */
let workspace
beforeAll(() => {
  workspace = new Workspace()
  workspace.write(
    'pure/tsconfig.json',
    JSON.stringify({ extends: '../tsconfig.pure.json', compilerOptions: { noEmit: true }, include: ['*.ts'] }),
  )
})
afterAll(() => workspace.dispose())

/** @param {string} source */
function compile(source) {
  workspace.write('pure/index.ts', source)
  return workspace.run('tsc', ['-p', 'pure'])
}

test('a pure room compiles', () => {
  expect(compile('export const sum: (a: number, b: number) => number = (a, b) => a + b\n')).toEqual({
    passed: true,
    output: '',
  })
})

test.for([
  'window',
  'document',
  'process',
  'setTimeout',
  'queueMicrotask',
  'crypto',
  'fetch',
  'console',
  'performance',
  'localStorage',
  'Buffer',
  'WebSocket',
])('%s is not a name there', (name) => {
  const { passed, output } = compile(`export const found: unknown = ${name}\n`)
  expect(passed).toBe(false)
  expect(output).toMatch(new RegExp(`error TS\\d+: Cannot find name '${name}'`))
})

test.for(['node:fs', 'node:net', 'node:crypto', 'node:timers'])('%s is not a module there', (name) => {
  const { passed, output } = compile(`import '${name}'\n`)
  expect(passed).toBe(false)
  expect(output).toMatch(
    new RegExp(`error TS\\d+: Cannot find module or type declarations for side-effect import of '${name}'`),
  )
})

test.for(['wire', 'identity', 'group', 'core'])('packages/%s is compiled so', (room) => {
  const output = execFileSync(
    join(ROOT, 'node_modules/.bin/tsc'),
    ['--showConfig', '-p', join(ROOT, 'packages', room)],
    { encoding: 'utf8' },
  )
  expect(JSON.parse(output).compilerOptions).toMatchObject({ lib: ['es2023'], types: [] })
})
