import { createEngine, nobleCrypto, platformCrypto } from '../index.ts'
import { watchSealing } from '../sim-rules/message-oracles.ts'
import { check } from '../sim-rules/oracles.ts'
import { play, worldOf } from '../sim-rules/run.ts'
import type { World } from '../sim-rules/world.ts'
import { realGroup, symbolicGroup, type AnyState, type Group } from '../symbolic/index.ts'
import { bytesFrom } from './people.ts'
import { Replay } from './replay.ts'

export interface GroupSettings {
  readonly hasEvil: boolean
  /** Without cryptography. */
  readonly isSymbolic: boolean
}

/** What came of one world: of its rules, and of playing it again with a group engine. */
export interface GroupRun {
  readonly world: World
  readonly failures: readonly string[]
  readonly counts: Readonly<Record<string, number>>
}

/** Plays a world by the rules and once more with a group engine. */
export async function runGroup(seed: number, { hasEvil, isSymbolic }: GroupSettings): Promise<GroupRun> {
  const random = bytesFrom(`group ${seed}`)
  if (isSymbolic) return runWith(symbolicGroup({ crypto: nobleCrypto, random }), seed, hasEvil)
  const engine = await createEngine({ crypto: platformCrypto(globalThis.crypto.subtle), random })
  return runWith(realGroup(engine), seed, hasEvil)
}

/** The same with any engine. */
export async function runWith<S extends AnyState>(group: Group<S>, seed: number, hasEvil: boolean): Promise<GroupRun> {
  const settings = { hasEvil }
  const world = worldOf(seed, settings)
  watchSealing(world)
  play(world, settings)
  check(world)
  const replay = new Replay(group, world)
  await replay.run()
  const failures = [...world.failures.map(({ kind, text }) => `${kind}: ${text}`), ...replay.failures]
  return { world, failures, counts: replay.counts }
}
