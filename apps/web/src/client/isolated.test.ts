import { expect, test } from 'vitest'
import { requestStrings } from '../features/requests/request-strings.ts'
import { isolated } from './isolated.ts'

test.each(['Ana Ruiz', 'Zoë', '👩‍👩‍👧‍👦 Familie', '', '名前'])('%j turns nothing, and stays as it is', (name) => {
  expect(isolated(name)).toBe(name)
})

test('a name from right to left stays among itself', () => {
  expect(isolated('ليلى')).toBe('\u2068ليلى\u2069')
})

test.each(['\u202eecilA', '\u2067Alice', 'Alice\u2069\u202e', '\u200fA'])('%j turns no sentence around', (name) => {
  expect(isolated(name)).toMatch(/^\u2068[A-Za-z]+\u2069$/)
  expect(requestStrings.blockText(name)).not.toMatch(/[\u202a-\u202e\u2066\u2067]/)
})
