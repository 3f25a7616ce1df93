import type { Stage } from '../../peers/stage.ts'
import { NotHeld, type Figures, type Scenario } from '../../scenarios/scenario.ts'
import { type Change, type Contender, type Round, type Warm } from './contender.ts'
import { medianOf, ratioOf } from './medians.ts'
import { measureMessages } from './messages.ts'
import { openMls } from './open-mls.ts'
import { loadOthers, type Others } from './others.ts'
import { oursEngine } from './ours.ts'
import { signalPair } from './signal.ts'
import { stockLibrary } from './stock.ts'

const SIZES = [2, 10, 50, 100, 250, 500]
const CHANGES: readonly Change[] = ['update', 'add', 'remove']
const WORK = ['commit', 'process', 'join'] as const
const ROUNDS = 7
/** The first rounds warm up: what is compiled when it was used often, and the tree after its first change. */
const WARM_UP = 2

/**
 * The group engine beside others, in one process: messages beside libsignal (native), changes of a group beside ts-mls as
 * published with our suite, and beside OpenMLS as WebAssembly with a classical one.
 */
export const group: Scenario = {
  about:
    'the group engine beside libsignal, ts-mls as published and OpenMLS: messages, and changes of groups of each size',
  sizes: SIZES,
  play,
}

async function play(stage: Stage, sizes: readonly number[] = SIZES): Promise<Figures> {
  const ours = await oursEngine()
  const others = await loadOthers().catch((error: unknown) => `not compared: ${String(error)}`)
  const signal = typeof others === 'string' ? others : await signalPair(others.signal)
  const figures: Record<string, string | number | boolean> = {}
  Object.assign(figures, await measureMessages(stage, await ours.pair(), signal))
  const contenders: readonly Contender[] = [ours, ...(typeof others === 'string' ? [] : await contendersOf(others))]
  for (const { name, suite, keyPackageBytes } of contenders) {
    const found = { suite, keyPackageBytes: await keyPackageBytes() }
    for (const [what, value] of Object.entries(found)) figures[`${name} ${what}`] = value
    stage.tell({ engine: name, ...found }, `${name}: ${JSON.stringify(found)}`)
  }
  for (const size of sizes) {
    const found = await measureSize(contenders, size)
    for (const [name, value] of Object.entries(found)) figures[`n${size} ${name}`] = value
    stage.tell({ members: size, ...found }, `${size} members: ${JSON.stringify(found, null, 1)}`)
  }
  if (typeof others === 'string') throw new NotHeld('The other implementations are not there to compare with.', figures)
  return figures
}

async function contendersOf(others: Others): Promise<readonly Contender[]> {
  return [await stockLibrary(others.stock), await openMls(others.coreCrypto, others.stock)]
}

/** Round by round all of them, so that whatever else the machine does meets all. */
async function measureSize(contenders: readonly Contender[], size: number): Promise<Record<string, string | number>> {
  const groups: { name: string; warm: Warm; rounds: Record<Change, Round[]> }[] = []
  for (const contender of contenders) {
    const rounds: Record<Change, Round[]> = { update: [], add: [], remove: [] }
    groups.push({ name: contender.name, warm: await contender.gather(size), rounds })
  }
  for (let at = 0; at < WARM_UP + ROUNDS; at += 1) {
    for (const { warm, rounds } of groups) {
      for (const change of CHANGES) {
        const round = await warm.round(change)
        if (at >= WARM_UP) rounds[change].push(round)
      }
    }
  }
  const found: Record<string, string | number> = {}
  for (const { name, warm, rounds } of groups) {
    for (const change of CHANGES) {
      for (const [what, value] of Object.entries(mediansOf(rounds[change]))) found[`${name} ${change} ${what}`] = value
    }
    const stored = warm.stored()
    if (typeof stored === 'string') found[`${name} storedBytes`] = `not compared: ${stored}`
    else Object.assign(found, { [`${name} storedBytes`]: stored.first, [`${name} storedNextBytes`]: stored.next })
  }
  return { ...found, ...ratios(found, contenders) }
}

function mediansOf(rounds: readonly Round[]): Record<string, number> {
  const medians: Record<string, number> = {}
  for (const what of WORK) {
    const spent = rounds.flatMap((round) => round[what] ?? [])
    if (spent.length === 0) continue
    medians[`${what}Ms`] = medianOf(spent.map(({ ms }) => ms))
    medians[`${what}CpuMs`] = medianOf(spent.map(({ cpuMs }) => cpuMs))
  }
  for (const what of ['commitBytes', 'welcomeBytes'] as const) {
    const values = rounds.flatMap((round) => round[what] ?? [])
    if (values.length > 0) medians[what] = medianOf(values)
  }
  return medians
}

/** How many times slower each other engine is than ours. */
function ratios(
  found: Readonly<Record<string, string | number>>,
  [ours, ...others]: readonly Contender[],
): Record<string, number> {
  const times: Record<string, number> = {}
  for (const { name } of others) {
    for (const change of CHANGES) {
      for (const what of WORK.flatMap((work) => [`${work}Ms`, `${work}CpuMs`])) {
        const [own, their] = [ours?.name, name].map((whose) => found[`${whose} ${change} ${what}`])
        if (typeof own === 'number' && typeof their === 'number')
          times[`${name}OverSotto ${change} ${what}`] = ratioOf(their, own)
      }
    }
  }
  return times
}
