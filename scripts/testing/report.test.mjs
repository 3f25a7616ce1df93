import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../bootstrap/places.mjs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { countCheck, countReport, countsText, failuresOf, sum } from './report.mjs'

/** @type {string} */
let folder
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-report-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** @param {{ status: string, tests: string[] }[]} files @returns {string} path of a report */
function report(...files) {
  const path = join(folder, 'report.json')
  const testResults = files.map(({ status, tests }) => ({
    status,
    assertionResults: tests.map((one) => ({ status: one })),
  }))
  writeFileSync(path, JSON.stringify({ testResults }))
  return path
}

test('tests are counted as the runner reported them', () => {
  const path = report(
    { status: 'passed', tests: ['passed', 'passed', 'skipped'] },
    { status: 'failed', tests: ['failed', 'passed', 'todo', 'pending'] },
  )
  expect(countReport(path, false)).toEqual({ passed: 3, failed: 1, skipped: 3 })
})

test('a file that could not be loaded has failed', () => {
  const path = report({ status: 'passed', tests: ['passed'] }, { status: 'failed', tests: [] })
  expect(countReport(path, false)).toEqual({ passed: 1, failed: 1, skipped: 0 })
})

test('a file whose set-up failed has failed, though its tests count as skipped', () => {
  expect(countReport(report({ status: 'failed', tests: ['skipped', 'passed'] }), false)).toEqual({
    passed: 1,
    failed: 1,
    skipped: 1,
  })
})

test('a bad exit status without a failed test is a failure', () => {
  expect(countReport(report({ status: 'passed', tests: ['passed'] }), false)).toEqual({
    passed: 1,
    failed: 1,
    skipped: 0,
  })
})

test('no report, half a report and a report without tests are failures', () => {
  expect(countReport(join(folder, 'none.json'), true)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  writeFileSync(join(folder, 'half.json'), '{"testResults":[{"st')
  expect(countReport(join(folder, 'half.json'), true)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  expect(countReport(report({ status: 'passed', tests: ['skipped'] }), true)).toEqual({
    passed: 0,
    failed: 1,
    skipped: 1,
  })
})

test('the sum in words', () => {
  expect(countsText(sum([countCheck(true), countCheck(false), { passed: 5, failed: 0, skipped: 2 }]))).toBe(
    '6 passed, 1 failed, 2 skipped',
  )
  expect(countsText(sum([]))).toBe('0 passed, 0 failed, 0 skipped')
})

test('failed tests are named with their file and what was wrong, and so is a file that could not be loaded', () => {
  const path = join(folder, 'report.json')
  const assertionResults = [
    { status: 'passed', fullName: 'good', failureMessages: [] },
    { status: 'failed', fullName: 'bad > one', failureMessages: ['\u001B[31mError: 1 is not 2\u001B[39m\n  at here'] },
  ]
  const testResults = [
    { name: join(ROOT, 'a.test.ts'), status: 'failed', message: '', assertionResults },
    { name: join(ROOT, 'b.test.ts'), status: 'failed', message: 'Cannot find it\nat all', assertionResults: [] },
  ]
  writeFileSync(path, JSON.stringify({ testResults }))
  expect(failuresOf(path)).toEqual(['a.test.ts: bad > one: Error: 1 is not 2', 'b.test.ts: Cannot find it'])
  expect(failuresOf(join(folder, 'none.json'))).toEqual([])
})
