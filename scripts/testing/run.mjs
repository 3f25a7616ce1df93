import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ended } from '../bootstrap/child.mjs'
import { ROOT } from '../bootstrap/places.mjs'
import { countCheck, countReport, countsText, failuresOf, sum } from './report.mjs'

/**
 * Runs suites one after the other, but for those that run beside the one before, all of them whatever fails, and says at the end how many tests
 * passed.
 * @param {import('./suites.mjs').Suite[]} suites
 * @param {Record<string, string>} env what they get besides our own environment
 * @returns {Promise<number>} exit status
 */
export async function runSuites(suites, env = {}) {
  const rows = []
  for (const [first, ...beside] of groupsOf(suites)) {
    // What runs beside another one is heard when the other one has ended.
    const others = beside.map((suite) => timed(suite, env, 'later'))
    rows.push(await timed(first, env, 'now'))
    for (const other of others) {
      const row = await other
      process.stdout.write(row.output)
      rows.push(row)
    }
  }
  say('\n===')
  for (const { suite, counts, seconds } of rows) {
    say(
      `${counts.failed === 0 ? 'ok  ' : 'FAIL'} ${suite.name.padEnd(20)} ${seconds.toFixed(1).padStart(7)} s  ${countsText(counts)}`,
    )
  }
  for (const { suite } of rows) {
    if (suite.report !== undefined) for (const line of failuresOf(join(ROOT, suite.report))) say(`failed: ${line}`)
  }
  const total = sum(rows.map(({ counts }) => counts))
  say(countsText(total))
  return total.failed === 0 ? 0 : 1
}

/** @param {import('./suites.mjs').Suite[]} suites @returns {[import('./suites.mjs').Suite, ...import('./suites.mjs').Suite[]][]} */
function groupsOf(suites) {
  /** @type {[import('./suites.mjs').Suite, ...import('./suites.mjs').Suite[]][]} */
  const groups = []
  for (const suite of suites) {
    const last = groups.at(-1)
    if (suite.isBeside === true && last !== undefined) last.push(suite)
    else groups.push([suite])
  }
  return groups
}

/**
 * @param {import('./suites.mjs').Suite} suite
 * @param {Record<string, string>} env
 * @param {'now' | 'later'} heard whether it is heard while it runs
 */
async function timed(suite, env, heard) {
  const title = `\n=== ${suite.name}`
  if (heard === 'now') say(title)
  let output = `${title}\n`
  const began = performance.now()
  const counts = await runSuite(suite, env, heard === 'now' ? undefined : (text) => (output += text))
  return { suite, counts, seconds: (performance.now() - began) / 1000, output }
}

/** @param {import('./suites.mjs').Suite} suite @param {Record<string, string>} extra @param {((text: string) => void) | undefined} hear */
async function runSuite({ command, folder = '.', report, env }, extra, hear) {
  const path = report === undefined ? undefined : join(ROOT, report)
  // A report of the last time must not speak for this time.
  if (path !== undefined) rmSync(path, { force: true })
  const succeeded = await succeeds(command, { cwd: join(ROOT, folder), extra: { ...extra, ...env }, hear })
  return path === undefined ? countCheck(succeeded) : countReport(path, succeeded)
}

/**
 * @param {string[]} command
 * @param {{ cwd: string, extra: Record<string, string>, hear: ((text: string) => void) | undefined }} how
 */
async function succeeds([program = '', ...args], { cwd, extra, hear }) {
  const bin = join(ROOT, 'node_modules/.bin')
  const env = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env['PATH']}`,
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    ...extra,
  }
  const out = hear === undefined ? 'inherit' : 'pipe'
  const child = spawn(join(bin, program), args, { cwd, env, stdio: ['ignore', out, out] })
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => hear?.(text))
  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    child.kill(signal)
    process.exit(1)
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  try {
    const status = await ended(child)
    if (status !== 0) (hear ?? say)(`${program} ended with status ${status}\n`)
    return status === 0
  } catch (error) {
    ;(hear ?? say)(`${String(error)}\n`) // the program is not there
    return false
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

/** @param {string} line */
function say(line) {
  process.stdout.write(`${line}\n`)
}
