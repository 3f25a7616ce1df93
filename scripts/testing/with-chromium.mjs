import { NO_CHROMIUM, findChromium } from './chromium.mjs'
import { countCheck, countsText } from './report.mjs'
import { runSuites } from './run.mjs'

/** @param {import('./suites.mjs').Suite[]} suites of which some need a browser @returns {Promise<number>} exit status */
export async function runWithChromium(suites) {
  const chromium = findChromium()
  if (chromium !== undefined) return runSuites(suites, { CHROMIUM_PATH: chromium })
  process.stderr.write(`${NO_CHROMIUM}\n`)
  process.stdout.write(`${countsText(countCheck(false))}\n`)
  return 1
}
