// Everything that CI checks, real browser included.
import { NO_CHROMIUM, findChromium } from './testing/chromium.mjs'
import { countCheck, countsText } from './testing/report.mjs'
import { runSuites } from './testing/run.mjs'
import { suites } from './testing/suites.mjs'

const chromium = findChromium()
if (chromium === undefined) {
  process.stderr.write(`${NO_CHROMIUM}\n`)
  process.stdout.write(`${countsText(countCheck(false))}\n`)
  process.exitCode = 1
} else {
  process.exitCode = await runSuites(suites, { CHROMIUM_PATH: chromium })
}
