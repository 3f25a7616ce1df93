import type { Run } from './compare.ts'
import type { FailureKind } from './failure.ts'
import type { EngineName } from './names.ts'

/** Engines with a defect that must be seen, and as what. */
export const KNOWN_BAD: readonly { engine: EngineName; kind: FailureKind; because: string }[] = [
  { engine: '1.6.2', kind: 'follows', because: 'a removed member keeps the keys' },
  { engine: 'unpatched', kind: 'cannot-join', because: 'it cannot join ordinary groups' },
]

/** The first run that failed for that reason. That it failed for another one proves nothing. */
export function caughtBy(runs: readonly Run[], kind: FailureKind): Run | undefined {
  return runs.find(({ failure }) => failure?.kind === kind)
}
