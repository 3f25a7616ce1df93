import { runPlanted } from '../sim-rules/plant.ts'
import { inPieces, type Span } from '../sim-rules/pieces.ts'
import type { GroupSettings } from './groups.ts'
import type { Planted } from './plants.ts'
import { merged, NOTHING, type GroupReport } from './report.ts'

/** What noticed a mistake: a world, and what it said. */
export interface Notice {
  readonly seed: number
  readonly isSmall: boolean
  readonly text: string
}

const LARGE = { from: 1, to: 30 }
const SMALL = { from: 1, to: 400 }

/**
 * Looks for a world that notices a mistake, large ones first, without cryptography; then plays that one with it, unless told otherwise. `main` is
 * the module that threads run.
 */
export async function searchFor(main: string, planted: Planted, isSymbolic: boolean): Promise<Notice | undefined> {
  for (const isSmall of [false, true]) {
    const settings = { hasEvil: true, isSymbolic: true, isSmall }
    const { failures } = await playPlanted(main, planted, { settings, span: isSmall ? SMALL : LARGE })
    const [found] = failures
    if (found === undefined) continue
    if (isSymbolic) return { ...found, isSmall }
    const span = { from: found.seed, to: found.seed }
    const again = await playPlanted(main, planted, { settings: { ...settings, isSymbolic }, span })
    const [first] = again.failures
    return first && { ...first, isSmall }
  }
  return undefined
}

/** Plays worlds with a mistake until one fails. */
export async function playPlanted(
  main: string,
  { device, rule }: Planted,
  { settings, span }: { settings: GroupSettings; span: Span },
): Promise<GroupReport> {
  if (rule !== undefined) return inCopy(rule, settings, span)
  const plants = device === undefined ? {} : { [device]: true }
  let all: GroupReport = NOTHING
  const work = { from: span.from, to: span.to, size: 1, jobs: 1, minutes: Infinity, isUntilFailed: true }
  await inPieces<GroupSettings, GroupReport>(main, { ...settings, plants }, work, (result) => {
    all = merged(all, result)
    return result.failed > 0
  })
  return all
}

/** Mistakes in the rules are made in a copy of the room. */
async function inCopy(
  rule: NonNullable<Planted['rule']>,
  { hasEvil, isSymbolic, isSmall = false }: GroupSettings,
  { from, to }: Span,
): Promise<GroupReport> {
  const args = ['--seeds', `${from}-${to}`, '--until-failed', '--json']
  if (!hasEvil) args.push('--honest')
  if (isSymbolic) args.push('--symbolic')
  if (isSmall) args.push('--small')
  const { output } = await runPlanted(rule, args, 'sim-group')
  if (!output.startsWith('{')) throw new Error(`${rule.name}: ${output.slice(0, 2000)}`)
  // Our own report.
  return JSON.parse(output) as GroupReport
}
