#!/usr/bin/env node
import { perform } from './perform.ts'
import { SCENARIOS } from './scenarios/index.ts'

await perform({ program: 'harness', about: 'Plays a scenario on real processes.', of: 'scenario', plays: SCENARIOS })
