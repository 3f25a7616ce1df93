import { spawnSync } from 'node:child_process'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RulePlant } from './rule-plants.ts'

/** This room, from `src/sim-rules` and from `dist/sim-rules` alike. */
const ROOM = join(import.meta.dirname, '../..')

/** What a command said, and its exit status. */
interface Outcome {
  readonly output: string
  readonly status: number
}

/** Which of the simulations, and the folders under `src` that it is made of. */
export type Sim = 'sim-rules' | 'sim-group'

/** A copy of rules and simulation with one mistake in it. */
async function planted<T>({ name, file, find, replace }: RulePlant, sim: Sim, act: (folder: string) => T): Promise<T> {
  const folder = join(ROOM, 'dist/planted', `${sim}-${name}`)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  if (sim === 'sim-group') await cp(join(ROOM, 'src'), join(folder, 'src'), { recursive: true, filter: isNoTest })
  else
    for (const part of ['rules', 'sim-rules'])
      await cp(join(ROOM, 'src', part), join(folder, 'src', part), { recursive: true })
  const path = join(folder, 'src/rules', file)
  const text = await readFile(path, 'utf8')
  if (text.split(find).length !== 2) throw new Error(`${file} does not have this once: ${find}`)
  await writeFile(
    path,
    text.replace(find, () => replace),
  )
  const result = act(folder)
  await rm(folder, { recursive: true, force: true })
  return result
}

function isNoTest(path: string): boolean {
  return !path.endsWith('.test.ts')
}

/** Runs a simulation with a mistake in the rules. */
export function runPlanted(plant: RulePlant, args: readonly string[], sim: Sim = 'sim-rules'): Promise<Outcome> {
  // Runs as it is written: Node leaves types out.
  const node = ['--conditions=source', '--disable-warning=ExperimentalWarning']
  return planted(plant, sim, (folder) => run(process.execPath, [...node, join(folder, 'src', sim, 'main.ts'), ...args]))
}

/** Which histories of the specification's vectors mean something else with a mistake in the rules. */
export function readPlanted(plant: RulePlant): Promise<Outcome> {
  return runPlanted(plant, ['--read', join(ROOM, '../../spec/vectors/rules.json')])
}

/** Runs the rules' own tests with a mistake in the rules. */
export function testPlanted(plant: RulePlant): Promise<Outcome> {
  const vitest = join(ROOM, 'node_modules/vitest/vitest.mjs')
  const tests = ['rules', 'clauses', 'order', 'recover'].map((name) => `src/rules/${name}.test.ts`)
  const config = join(ROOM, 'vitest.config.ts')
  return planted(plant, 'sim-rules', (folder) =>
    run(process.execPath, [vitest, 'run', '--root', folder, '--config', config, ...tests]),
  )
}

function run(command: string, args: readonly string[]): Outcome {
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26 })
  return { output: stdout === '' ? stderr : stdout, status: status ?? 1 }
}
