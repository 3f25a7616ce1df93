import { expect, test } from 'vitest'
import { initialsOf } from './avatar.tsx'

test.each([
  ['Ana Ruiz', 'AR'],
  ['Chinwe', 'C'],
  ['  anna  maria  lopez ', 'AL'],
  ['😀 smile', '😀S'],
  ['👩‍👩‍👧‍👦 Familie', '👩‍👩‍👧‍👦F'],
  ['🇨🇭', '🇨🇭'],
  ['e\u0301mile', 'E\u0301'],
  ['', ''],
])('the initials of %j are %j', (name, initials) => expect(initialsOf(name)).toBe(initials))
