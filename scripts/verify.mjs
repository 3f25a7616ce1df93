// The quick part of `npm test`, for while one writes.
import { runSteps } from './testing/run.mjs'
import { quickSteps } from './testing/suites.mjs'

process.exitCode = await runSteps(quickSteps)
