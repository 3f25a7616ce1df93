import type { Rows } from '@sotto/interface'

/**
 * Where this device stands in a conversation.
 *
 * `founding`: its hello has not reached a relay. `requested`: it has, and is not answered. `active`: in it. `away`: it was set aside for its silence,
 * and is let in again. `out`: a commit or a decision has taken it out, which may turn out not to hold. `left`: it has said that it goes. `ended`: for
 * good; nothing is read or sent any more.
 */
export type Phase = Rows['conversations']['phase']

export const PHASES: readonly Phase[] = ['founding', 'requested', 'active', 'away', 'out', 'left', 'ended']

export type Kind = 'pair' | 'group' | 'self'

/** What moves a device from one phase to another. */
export type Happening =
  /** A relay has our hello. */
  | 'hello-stored'
  /** A commit came whose epoch is the tip: somebody has answered, and whoever was away follows again. */
  | 'followed'
  /** A Welcome has let this device in, whatever was before. */
  | 'let-in'
  /** The commit that took this device out is beside the path now. */
  | 'in-again'
  /** A commit has taken this device out, because it was silent. */
  | 'set-aside'
  /** A commit has taken this device out by a decision, or after it has left. */
  | 'taken-out'
  /** Others have told a device that does not follow that it was taken out by a decision. */
  | 'told-out'
  /** This device has said that its account leaves. */
  | 'leave'
  /** Declined, blocked, given up, or out for so long that nothing brings it back. */
  | 'over'

type Moves = Partial<Record<Phase, Phase>>

const OUT: Moves = { founding: 'ended', requested: 'ended', active: 'out', away: 'out', left: 'ended' }

const MOVES: Readonly<Record<Happening, Moves>> = {
  'hello-stored': { founding: 'requested' },
  followed: { founding: 'active', requested: 'active', away: 'active' },
  'let-in': every('active'),
  'in-again': { away: 'active', out: 'active' },
  // Whoever has left is out by its own word, whatever the reason of the commit.
  'set-aside': { ...OUT, active: 'away', away: 'away' },
  'taken-out': OUT,
  'told-out': { active: 'out', away: 'out' },
  leave: { founding: 'left', requested: 'left', active: 'left', away: 'left' },
  over: every('ended'),
}

/** Where that leads from here; the same phase when it leads nowhere, or when nothing happens. */
export function nextPhase(kind: Kind, phase: Phase, happening: Happening | undefined): Phase {
  const next = happening === undefined ? undefined : MOVES[happening][phase]
  if (next === undefined) return phase
  // Only a group's commit may be given up for another one: whom a 1:1 or the own devices are without is out for good.
  return next === 'out' && kind !== 'group' ? 'ended' : next
}

function every(phase: Phase): Moves {
  return Object.fromEntries(PHASES.map((from) => [from, phase]))
}
