import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** A program of the specification's own, which no build knows. */
const PROGRAM = join(import.meta.dirname, '../../../../spec/rules-clauses.mjs')
const { statementsOf, uncovered } = (await import(PROGRAM)) as {
  statementsOf: (text: string) => readonly { readonly section: string }[]
  uncovered: (sections: readonly object[], words: readonly string[]) => string[]
}

test('each clause of group.md sections 7 to 11 is needed by the history beside it, and all are in the tables', () => {
  // Not imported: 170 readings, each a module of its own, are nothing for a test runner to look into.
  const { status, stdout } = spawnSync(process.execPath, [PROGRAM], { encoding: 'utf8' })
  expect(stdout).toBe('')
  expect(status).toBe(0)
})

test('a clause that is in no table is noticed', () => {
  const sections = statementsOf(
    '## 9. Who\n\nThe author is in. Nobody else is\nwanted.\n\n| kind | says |\n| --- | --- |\n| leave | nothing more at all |\n',
  )
  expect(uncovered(sections, ['author is'])).toEqual(['9: Nobody else is wanted.', '9: nothing more at all |'])
})
