import { expect, test } from 'vitest'
import { initialsOf } from './avatar.tsx'

test.each([
  ['Ana Ruiz', 'AR'],
  ['Chinwe', 'C'],
  ['  anna  maria  lopez ', 'AL'],
  ['😀 smile', '😀S'],
  ['', ''],
])('the initials of %j are %j', (name, initials) => expect(initialsOf(name)).toBe(initials))
