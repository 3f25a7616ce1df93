import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { ROOT } from '../bootstrap/places.mjs'

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** What a check without a report of its own counts as. @param {boolean} succeeded @returns {Counts} */
export function countCheck(succeeded) {
  return { passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1, skipped: 0 }
}

/**
 * Sums a runner's report. A suite that wrote none, that ran no test, or that ended badly without naming a failed test has failed.
 * @param {string} path
 * @param {boolean} succeeded whether the runner said so by its exit status
 * @returns {Counts}
 */
export function countReport(path, succeeded) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const file of read(path)) {
    for (const { status } of file.assertionResults)
      counts[status === 'passed' || status === 'failed' ? status : 'skipped']++
    // A file that could not be loaded names no test.
    if (file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed')) counts.failed++
  }
  if (counts.failed === 0 && (!succeeded || counts.passed === 0)) counts.failed = 1
  return counts
}

/**
 * The failed tests of a report, a line each: file, name, and what was wrong in its first line.
 * @param {string} path
 * @returns {string[]}
 */
export function failuresOf(path) {
  return read(path).flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((one) => one.status === 'failed')
    const file = relative(ROOT, name)
    if (status === 'failed' && failed.length === 0) return [`${file}: ${firstLine(message)}`]
    return failed.map(({ fullName, failureMessages }) => `${file}: ${fullName}: ${firstLine(failureMessages[0])}`)
  })
}

/** @param {string | undefined} text */
function firstLine(text) {
  return stripVTControlCharacters(text ?? '').split('\n', 1)[0] ?? ''
}

/** @param {Counts[]} all @returns {Counts} */
export function sum(all) {
  return all.reduce(
    (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }),
    {
      passed: 0,
      failed: 0,
      skipped: 0,
    },
  )
}

/** @param {Counts} counts */
export function countsText({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

/**
 * @typedef {{ status: string, fullName: string, failureMessages: string[] }} TestReport
 * @typedef {{ name: string, status: string, message: string, assertionResults: TestReport[] }} FileReport
 */

/** @param {string} path @returns {FileReport[]} */
function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).testResults
  } catch {
    return [] // not written, or cut off: counted as failed
  }
}
