import { MortalProcess, type FaultPoint } from '@sotto/testkit'
import { Ledger } from './crash-ledger.ts'
import { assess } from './crash-assess.ts'
import type { Path, Stage } from './crash-parts.ts'
import { Scene, type Checkpoint } from './crash-scene.ts'

export interface Outcome {
  /** Points that the victim reached in its counted life. */
  readonly points: readonly FaultPoint[]
  readonly hasDied: boolean
  /** Ratchet keys under which something left, all lives together. */
  readonly keys: number
  readonly violations: readonly string[]
}

/** By how they are brought about, over which paths: many begin in the same way. */
const checkpoints = {
  direct: new Map<Path['before'], Promise<Checkpoint>>(),
  relayed: new Map<Path['before'], Promise<Checkpoint>>(),
}

export interface RunOptions {
  /** The victim dies in its first life at the first of these, in its second at the second, if that is reached. */
  readonly ends?: readonly FaultPoint[]
  /** The victim's build sends before it stores. */
  readonly hasty?: boolean
}

/** Plays a path, with the victim's deaths, its next lives, and what is left to do; then looks for what is wrong. */
export async function run(path: Path, { ends = [], hasty = false }: RunOptions = {}): Promise<Outcome> {
  const ledger = new Ledger()
  const options = { direct: path.direct, ...(hasty ? { hasty: path.victim } : {}) }
  const scene: Scene = new Scene(options, (device, fact) => ledger.onFact(scene, device, fact), await beginningOf(path))
  const stage = { scene, ledger }
  const process = new MortalProcess()
  const lives = Object.keys(path.parts).map((name) =>
    name === path.victim ? liveOn(path, stage, process, ends) : live(path, stage, name),
  )
  const violations: string[] = []
  try {
    await scene.play(Promise.all(lives))
    await scene.play(settle(scene))
    violations.push(...(await scene.play(assess(path.talks, scene))))
    if (path.check !== undefined) violations.push(...(await scene.play(path.check(stage))))
  } catch (error) {
    violations.push(error instanceof Error ? error.message : 'failed')
  }
  await ledger.settled()
  const { uses, reused, unstored } = await scene.witness.keys(scene.relay)
  violations.push(...ledger.violations, ...reused.map((key) => `a key was used twice: ${key}`))
  if (unstored > 0) violations.push(`${String(unstored)} messages left under a state that was never stored`)
  return { points: process.points, hasDied: process.isDead, keys: uses, violations }
}

function beginningOf(path: Path): Promise<Checkpoint> {
  const made = path.direct ? checkpoints.direct : checkpoints.relayed
  const known = made.get(path.before) ?? makeBeginning(path)
  made.set(path.before, known)
  return known
}

async function makeBeginning(path: Path): Promise<Checkpoint> {
  const ledger = new Ledger()
  const scene = new Scene({ direct: path.direct }, () => {})
  await scene.play(path.before({ scene, ledger }))
  return scene.checkpoint()
}

async function live(path: Path, stage: Stage, name: string): Promise<void> {
  const device = await stage.scene.begin(name, new MortalProcess(), path.setUps?.(stage)[name])
  await path.parts[name]?.(device, stage)
}

/** The victim's part, to its end, in as many lives as that takes. */
async function liveOn(path: Path, stage: Stage, first: MortalProcess, ends: readonly FaultPoint[]): Promise<void> {
  const act = async (process: MortalProcess, end: FaultPoint | undefined): Promise<boolean> => {
    const isLater = process !== first
    if (isLater || path.counted === 'start') process.arm(end)
    const device = await stage.scene.begin(path.victim, process, path.setUps?.(stage)[path.victim])
    if (!isLater && path.counted === 'online') process.arm(end)
    if (isLater) await stage.ledger.recheck(device)
    await path.parts[path.victim]?.(device, stage)
    // Its last receipts are part of it.
    await device.client.do('sync', {})
    return true
  }
  let process = first
  for (const end of [...ends, undefined]) {
    const isDone = await Promise.race([act(process, end), process.death.then(() => false)])
    if (isDone) return process.disarm()
    process = new MortalProcess()
  }
}

/** Until nobody has anything to say to anybody. */
async function settle(scene: Scene): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    const answers = await Promise.all([...scene.devices.values()].map(({ client }) => client.do('sync', {})))
    if (answers.every(({ complete, queued }) => complete && queued === 0) && round > 0) return
  }
}
