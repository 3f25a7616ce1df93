#!/usr/bin/env node
import { BENCHMARKS } from './bench/index.ts'
import { perform } from './perform.ts'

process.exitCode = await perform({
  program: 'bench',
  about: 'Measures, with a comparison in the same run.',
  of: 'bench',
  plays: BENCHMARKS,
})
