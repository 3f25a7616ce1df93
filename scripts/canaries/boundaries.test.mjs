import { afterEach, beforeEach, expect, test } from 'vitest'
import { Workspace } from './workspace.mjs'

/** @type {Workspace} */
let workspace
beforeEach(() => {
  workspace = new Workspace()
})
afterEach(() => workspace.dispose())

/** The tool's words, without the line breaks and the frame that it draws around them. */
function boundaries() {
  const { passed, output } = workspace.run('turbo', ['boundaries'])
  return { passed, words: output.replaceAll(/[\s|]/g, '') }
}

/** @param {string} room @param {string} dependency */
function notAllowed(room, dependency) {
  return expect.stringMatching(
    new RegExp(`Package\`${dependency}\`found(?:withtaglistedindenylist|withoutanytaglistedinallowlist)for\`${room}\``),
  )
}

test('what stands here is within the boundaries', () => {
  expect(boundaries()).toEqual({ passed: true, words: expect.stringContaining('noissuesfound') })
})

test.for([
  ['packages/net', '@sotto/core'],
  ['packages/net', '@sotto/group'],
  ['packages/net', '@sotto/identity'],
  ['packages/relay', '@sotto/identity'],
  ['packages/relay', '@sotto/client'],
  ['apps/relay', '@sotto/group'],
  ['packages/core', '@sotto/net'],
  ['packages/group', '@sotto/store'],
  ['packages/wire', '@sotto/group'],
  ['packages/interface', '@sotto/wire'],
  ['packages/client', '@sotto/relay'],
])('%s may not depend on %s', ([room = '', dependency = '']) => {
  const name = workspace.depend(room, dependency)
  workspace.write(`${room}/src/index.ts`, `import '${dependency}'\n`)
  expect(boundaries()).toEqual({ passed: false, words: notAllowed(name, dependency) })
})

test('a room in between does not help', () => {
  workspace.depend('packages/wire', '@sotto/group')
  expect(boundaries()).toEqual({ passed: false, words: notAllowed('@sotto/net', '@sotto/group') })
})

test('nor does an import that package.json does not mention', () => {
  workspace.write('packages/net/src/index.ts', `import '@sotto/group'\n`)
  expect(boundaries()).toEqual({ passed: false, words: expect.stringContaining('cannotimportpackage`@sotto/group`') })
})

test('nor does a path into the other room', () => {
  workspace.write('packages/net/src/index.ts', `import '../../group/src/index.ts'\n`)
  expect(boundaries()).toEqual({ passed: false, words: expect.stringContaining('leavesthepackage') })
})
