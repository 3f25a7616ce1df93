import { createEngine, nobleCrypto } from '../index.ts'
import { watchSealing } from '../sim-rules/message-oracles.ts'
import { check } from '../sim-rules/oracles.ts'
import { play, worldOf } from '../sim-rules/run.ts'
import type { Plants } from '../sim-rules/plants.ts'
import type { Failure, World } from '../sim-rules/world.ts'
import { realGroup, symbolicGroup, type AnyState, type Group } from '../symbolic/index.ts'
import { seededCrypto } from '../node/seeded-crypto.ts'
import { bytesFrom } from './people.ts'
import type { GroupPlants } from './plants.ts'
import { Replay } from './replay.ts'

export interface GroupSettings {
  readonly hasEvil: boolean
  /** Without cryptography. */
  readonly isSymbolic: boolean
  /** Worlds of a few devices only. */
  readonly isSmall?: boolean
  /** Turns before connectivity returns. */
  readonly turns?: number
  readonly plants?: Plants & GroupPlants
}

/** What came of one world: of its rules, and of playing it again with a group engine. */
export interface GroupRun {
  readonly world: World
  readonly failures: readonly Failure[]
  readonly counts: Readonly<Record<string, number>>
}

/** Plays a world by the rules and once more with a group engine. */
export async function runGroup(seed: number, settings: GroupSettings): Promise<GroupRun> {
  const random = bytesFrom(`group ${seed}`)
  if (settings.isSymbolic) return runWith(symbolicGroup({ crypto: nobleCrypto, random }), seed, settings)
  const engine = await createEngine({ crypto: seededCrypto, random })
  return runWith(realGroup(engine), seed, settings)
}

/** The same with any engine. */
export async function runWith<S extends AnyState>(
  group: Group<S>,
  seed: number,
  { hasEvil, isSmall = false, plants = {}, turns }: Omit<GroupSettings, 'isSymbolic'>,
): Promise<GroupRun> {
  const settings = { hasEvil, plants, isLarge: !isSmall, ...(turns === undefined ? {} : { turns }) }
  const world = worldOf(seed, settings)
  watchSealing(world)
  play(world, settings)
  check(world)
  const replay = new Replay(group, world, plants)
  await replay.run()
  const { failures, counts } = replay.stage
  return { world, failures: [...world.failures, ...failures], counts: { ...told(world), ...counts } }
}

/** What happened in the world, less what is told better by what the engine did. */
function told({ counts, devices, accounts, arena }: World): Record<string, number> {
  const [founders, most] = [foundersOf(arena), devices.length]
  return {
    ...Object.fromEntries(
      [...counts].map(([what, count]) => [what.startsWith('most') ? what : `rules: ${what}`, count]),
    ),
    'founding devices': founders,
    devices: most,
    'malicious devices': devices.filter(({ isEvil }) => isEvil).length,
    accounts: accounts.length,
    'most devices': most,
  }
}

function foundersOf({ nodes }: World['arena']): number {
  const body = nodes[0]?.body
  return body?.kind === 'create' ? body.founders.flatMap(({ devices }) => devices).length : 0
}
