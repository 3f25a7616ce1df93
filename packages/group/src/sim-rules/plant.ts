import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { RulePlant } from './rule-plants.ts'

/** This room, from `src/sim-rules` and from `dist/sim-rules` alike. */
const ROOM = join(import.meta.dirname, '../..')

/** Copies rules and simulation, plants one mistake, and runs the copy with other arguments. Answers its output and exit status. */
export async function runPlanted(
  plant: RulePlant,
  args: readonly string[],
): Promise<{ output: string; status: number }> {
  const folder = join(ROOM, 'dist/planted', plant.name)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const part of ['rules', 'sim-rules']) await cp(join(ROOM, 'src', part), join(folder, part), { recursive: true })
  const file = join(folder, 'rules', plant.file)
  const text = await readFile(file, 'utf8')
  if (text.split(plant.find).length !== 2) throw new Error(`${plant.file} does not have this once: ${plant.find}`)
  await writeFile(
    file,
    text.replace(plant.find, () => plant.replace),
  )
  // Runs as it is written: Node leaves types out.
  const node = [
    '--conditions=source',
    '--disable-warning=ExperimentalWarning',
    join(folder, 'sim-rules/main.ts'),
    ...args,
  ]
  const { stdout, stderr, status } = spawnSync(process.execPath, node, { encoding: 'utf8', maxBuffer: 2 ** 26 })
  await rm(folder, { recursive: true, force: true })
  return { output: status === 0 || stdout !== '' ? stdout : stderr, status: status ?? 1 }
}
