import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ended } from '../bootstrap/child.mjs'
import { ROOT } from '../bootstrap/places.mjs'
import { countCheck, countReport, countsText, sum } from './report.mjs'

/**
 * Runs suites one after the other, all of them whatever fails, and says at the end how many tests passed.
 * @param {import('./suites.mjs').Suite[]} suites
 * @param {Record<string, string>} env what they get besides our own environment
 * @returns {Promise<number>} exit status
 */
export async function runSuites(suites, env = {}) {
  const rows = []
  for (const suite of suites) {
    say(`\n=== ${suite.name}`)
    const began = performance.now()
    const counts = await runSuite(suite, env)
    rows.push({ suite, counts, seconds: (performance.now() - began) / 1000 })
  }
  say('\n===')
  for (const { suite, counts, seconds } of rows) {
    say(
      `${counts.failed === 0 ? 'ok  ' : 'FAIL'} ${suite.name.padEnd(20)} ${seconds.toFixed(1).padStart(7)} s  ${countsText(counts)}`,
    )
  }
  const total = sum(rows.map(({ counts }) => counts))
  say(countsText(total))
  return total.failed === 0 ? 0 : 1
}

/** @param {import('./suites.mjs').Suite} suite @param {Record<string, string>} extra */
async function runSuite({ command, folder = '.', report }, extra) {
  const path = report === undefined ? undefined : join(ROOT, report)
  // A report of the last time must not speak for this time.
  if (path !== undefined) rmSync(path, { force: true })
  const succeeded = await succeeds(command, join(ROOT, folder), extra)
  return path === undefined ? countCheck(succeeded) : countReport(path, succeeded)
}

/** @param {string[]} command @param {string} cwd @param {Record<string, string>} extra */
async function succeeds([program = '', ...args], cwd, extra) {
  const bin = join(ROOT, 'node_modules/.bin')
  const env = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env['PATH']}`,
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    ...extra,
  }
  const child = spawn(join(bin, program), args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] })
  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    child.kill(signal)
    process.exit(1)
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  try {
    const status = await ended(child)
    if (status !== 0) say(`${program} ended with status ${status}`)
    return status === 0
  } catch (error) {
    say(String(error)) // the program is not there
    return false
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

/** @param {string} line */
function say(line) {
  process.stdout.write(`${line}\n`)
}
