import { runPlanted, testPlanted } from './plant.ts'
import { HONEST_PLANTS } from './plants.ts'
import { RULE_PLANTS } from './rule-plants.ts'
import { runSeeds, type Report } from './seeds.ts'

const WORLDS = { from: 1, to: 600 }

/** Makes every mistake alone and says what noticed it: tests, or worlds of 600 malicious and 600 honest ones. Answers whether all were. */
export async function bite(print: (line: string) => void): Promise<boolean> {
  let isNoticed = true
  const report = (name: string, noticed: readonly string[]): void => {
    if (noticed.length === 0) isNoticed = false
    print(`${name}: ${noticed.length === 0 ? 'NOTICED BY NOTHING' : noticed.join(', ')}`)
  }
  for (const plant of RULE_PLANTS) {
    const tests = await testPlanted(plant)
    const failed = /Tests .*?(\d+) failed/.exec(tests.output)?.[1] ?? '0'
    const seeds = ['--seeds', `${WORLDS.from}-${WORLDS.to}`, '--json']
    const worlds = [await runPlanted(plant, seeds), await runPlanted(plant, [...seeds, '--honest'])]
    report(plant.name, [
      ...(tests.status === 0 ? [] : [`${failed} tests`]),
      // What it printed is our own report, or words of an exception.
      ...worlds.flatMap(({ output, status }) => (status === 0 ? [] : [worldsOf(output)])),
    ])
  }
  for (const name of HONEST_PLANTS) {
    const reports = [true, false].map((hasEvil) => runSeeds({ ...WORLDS, hasEvil, plants: { [name]: true } }))
    report(
      name,
      reports.flatMap(({ failed }) => (failed === 0 ? [] : [`${failed} worlds`])),
    )
  }
  return isNoticed
}

function worldsOf(output: string): string {
  if (!output.startsWith('{')) return 'a crash'
  const { failed } = JSON.parse(output) as Report
  return `${failed} worlds`
}
