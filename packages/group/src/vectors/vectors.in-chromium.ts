import { expect, inject, test } from 'vitest'
import { KINDS } from './kinds.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Official vectors by file name. A page cannot read a folder, so `vitest.chromium.config.ts` does. */
    vectors: Readonly<Record<string, readonly unknown[]>>
  }
}

const vectors = Object.entries(inject('vectors'))
if (vectors.length === 0) console.warn('NOT RUN: the official MLS vectors, which are not there')

test.for(vectors)('%s', async ([file, entries]) => {
  const check = KINDS[file.slice(0, -'.json'.length)]
  if (check === undefined) throw new Error(`${file} is none of the sixteen kinds`)
  for (const entry of entries) await check(entry as never)
  expect(entries.length).toBeGreaterThan(0)
})

test('a changed vector fails', async () => {
  const check = KINDS['tree-math']
  await expect(check?.({ n_leaves: 4, n_nodes: 8, root: 3 } as never)).rejects.toThrow()
})
