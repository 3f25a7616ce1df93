// The quick part of `npm test`, for while one writes.
import { runSuites } from './testing/run.mjs'
import { quickSuites } from './testing/suites.mjs'

process.exitCode = await runSuites(quickSuites)
