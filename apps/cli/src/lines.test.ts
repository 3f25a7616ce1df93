import { expect, test } from 'vitest'
import { printable } from './lines.ts'

test("somebody else's text cannot command the terminal", () => {
  expect(printable('\u001b[2Jgone\u0007\u009b31m')).toBe('␣[2Jgone␣␣31m')
  expect(printable('two\nlines, é and 👋')).toBe('two\nlines, é and 👋')
})
