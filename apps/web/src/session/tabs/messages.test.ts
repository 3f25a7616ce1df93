import fc from 'fast-check'
import { expect, test } from 'vitest'
import { heard, posted } from './messages.ts'
import type { TabMessage } from './messages.ts'

const BUILD = '/assets/index-abc.js'
const SAID = { kind: 'ask', tab: 't', term: 'l', asked: { id: 'i', name: 'send', ask: {} } } satisfies TabMessage

test('what one page posts, a page of the same build hears', () => {
  expect(heard(posted(SAID, BUILD), BUILD)).toMatchObject(SAID)
})

test('a page of another build or version, and what lacks a part, is not heard', () => {
  expect(heard(posted(SAID, '/assets/index-old.js'), BUILD)).toBeUndefined()
  expect(heard({ ...posted(SAID, BUILD), version: 2 }, BUILD)).toBeUndefined()
  for (const part of ['tab', 'term', 'asked']) {
    expect(heard({ ...posted(SAID, BUILD), [part]: undefined }, BUILD)).toBeUndefined()
  }
  expect(heard('step down', BUILD)).toBeUndefined()
})

test('seed 1364: anything at all is a message or nothing, and never throws', () => {
  const kinds = fc.constantFrom('hello', 'watch', 'ask', 'client', 'room', 'outcome', 'toString', '__proto__')
  const almost = fc.record({
    version: fc.constantFrom(1, 2, '1'),
    build: fc.constant(BUILD),
    kind: fc.oneof(kinds, fc.anything()),
    tab: fc.anything(),
    term: fc.anything(),
    snapshot: fc.anything(),
  })
  fc.assert(
    fc.property(fc.oneof(almost, fc.anything()), (data) => {
      const message = heard(data, BUILD)
      if (message !== undefined) expect(Object.keys(message)).toContain('kind')
    }),
    { seed: 1364, numRuns: 3_000 },
  )
})
