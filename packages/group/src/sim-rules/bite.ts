import { readPlanted, runPlanted, testPlanted } from './plant.ts'
import { HONEST_PLANTS } from './plants.ts'
import type { Settings } from './run.ts'
import { RULE_PLANTS, type RulePlant } from './rule-plants.ts'
import { runSeeds, type Report } from './seeds.ts'

const WORLDS = { from: 1, to: 600 }

/**
 * Makes every mistake alone and says what noticed it: histories of the vectors, and the first of 600 malicious worlds; if neither, the first of 600
 * honest ones, and tests. Answers whether all were noticed.
 */
export async function bite(print: (line: string) => void): Promise<boolean> {
  let isNoticed = true
  const report = (name: string, noticed: readonly string[]): void => {
    if (noticed.length === 0) isNoticed = false
    print(`${name}: ${noticed.length === 0 ? 'NOTICED BY NOTHING' : noticed.join(', ')}`)
  }
  for (const plant of RULE_PLANTS) report(plant.name, await noticing(plant))
  for (const name of HONEST_PLANTS) report(name, noticedIn({ hasEvil: true, plants: { [name]: true } }))
  return isNoticed
}

async function noticing(plant: RulePlant): Promise<readonly string[]> {
  const seeds = ['--seeds', `${WORLDS.from}-${WORLDS.to}`, '--until-failed', '--json']
  const read = await readPlanted(plant)
  const evil = await runPlanted(plant, seeds)
  const noticed = [
    ...(read.status === 0 ? [] : [`${read.output.split('\n').length - 1} histories`]),
    ...(evil.status === 0 ? [] : [worldsOf(evil.output)]),
  ]
  if (noticed.length > 0) return noticed
  const honest = await runPlanted(plant, [...seeds, '--honest'])
  const tests = await testPlanted(plant)
  const failed = /Tests .*?(\d+) failed/.exec(tests.output)?.[1] ?? '0'
  return [...(honest.status === 0 ? [] : [worldsOf(honest.output)]), ...(tests.status === 0 ? [] : [`${failed} tests`])]
}

/** What the first of the worlds says that notices a mistake of honest devices. */
function noticedIn(settings: Settings): readonly string[] {
  for (const hasEvil of [settings.hasEvil, false]) {
    for (let seed = WORLDS.from; seed <= WORLDS.to; seed++) {
      const report = runSeeds({ from: seed, to: seed, ...settings, hasEvil })
      if (report.failed > 0) return [kindsOf(report)]
    }
  }
  return []
}

/** What a simulation printed is our own report, or words of an exception. */
function worldsOf(output: string): string {
  if (!output.startsWith('{')) return 'a crash'
  return kindsOf(JSON.parse(output) as Report)
}

function kindsOf({ kinds }: Report): string {
  return Object.entries(kinds)
    .map(([kind, { seed }]) => `${kind} in world ${seed}`)
    .join(', ')
}
