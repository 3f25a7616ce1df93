import { chromium } from 'playwright-core'
import { expect, test } from 'vitest'
import { CHROMIUM_FLAGS } from './chromium.ts'

const SWITCH = '--disable-features='

test('what Playwright turns off in Chromium is off, and more', async () => {
  // A program that is no browser: what fails says how it was started.
  const launched = await Promise.allSettled([chromium.launch({ executablePath: process.execPath })])
  const said = launched.map((result) => (result.status === 'rejected' ? String(result.reason) : ''))
  const theirs = new RegExp(`${SWITCH}(\\S+)`).exec(said.join(''))?.[1]?.split(',')
  const ours = CHROMIUM_FLAGS.find((flag) => flag.startsWith(SWITCH))
    ?.slice(SWITCH.length)
    .split(',')
  expect(theirs?.length).toBeGreaterThan(10)
  expect(ours).toEqual(expect.arrayContaining(theirs ?? []))
  expect(ours?.length).toBeGreaterThan(theirs?.length ?? 0)
})
