#!/usr/bin/env node
import { perform } from './perform.ts'
import { SCENARIOS } from './scenarios/index.ts'

process.exitCode = await perform({
  program: 'harness',
  about: 'Plays a scenario on real processes.',
  of: 'scenario',
  plays: SCENARIOS,
})
