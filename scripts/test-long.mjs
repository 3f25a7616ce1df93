// What takes too long to be asked of each change.
import { longSuites } from './testing/suites.mjs'
import { runWithChromium } from './testing/with-chromium.mjs'

process.exitCode = await runWithChromium(longSuites)
