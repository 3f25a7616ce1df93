// Everything that CI checks, real browser included.
import { suites } from './testing/suites.mjs'
import { runWithChromium } from './testing/with-chromium.mjs'

process.exitCode = await runWithChromium(suites)
