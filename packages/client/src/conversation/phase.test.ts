import { describe, expect, it } from 'vitest'
import { nextPhase, PHASES, type Happening, type Kind, type Phase } from './phase.ts'

const KINDS: readonly Kind[] = ['pair', 'group', 'self']
const HAPPENINGS: readonly Happening[] = [
  'hello-stored',
  'followed',
  'let-in',
  'in-again',
  'set-aside',
  'taken-out',
  'told-out',
  'leave',
  'over',
]
/** Conversations are made in one of these. */
const FIRST: readonly Phase[] = ['founding', 'active']

/** Every phase that any sequence of these leads to. */
function reached(kind: Kind, from: Phase, happenings: readonly Happening[]): Set<Phase> {
  const found = new Set([from])
  for (const phase of found) for (const happening of happenings) found.add(nextPhase(kind, phase, happening))
  return found
}

function without(...left: Happening[]): Happening[] {
  return HAPPENINGS.filter((happening) => !left.includes(happening))
}

describe.each(KINDS)('the phases of a %s', (kind) => {
  const everywhere = PHASES.flatMap((phase) => HAPPENINGS.map((happening) => ({ phase, happening })))

  it('are all reached, but that only a group is out for a while', () => {
    const all = new Set(FIRST.flatMap((from) => [...reached(kind, from, HAPPENINGS)]))
    const expected = PHASES.filter((phase) => phase !== 'out' || kind === 'group')
    expect([...all].toSorted()).toEqual(expected.toSorted())
  })

  it('are moved by something that happens twice as by once', () => {
    for (const { phase, happening } of everywhere) {
      const once = nextPhase(kind, phase, happening)
      expect({ phase, happening, to: nextPhase(kind, once, happening) }).toEqual({ phase, happening, to: once })
    }
  })

  it('end for good, whatever happens but a Welcome', () => {
    expect([...reached(kind, 'ended', without('let-in'))]).toEqual(['ended'])
    for (const phase of PHASES) expect(nextPhase(kind, phase, 'over')).toBe('ended')
  })

  it('are not entered again by who has left, whatever happens but a Welcome', () => {
    expect([...reached(kind, 'left', without('let-in'))].toSorted()).toEqual(['ended', 'left'])
  })

  it('never go back to before the hello, and a hello changes nothing later', () => {
    for (const { phase, happening } of everywhere)
      if (phase !== 'founding') expect(nextPhase(kind, phase, happening)).not.toBe('founding')
    for (const phase of PHASES.filter((one) => one !== 'founding'))
      expect(nextPhase(kind, phase, 'hello-stored')).toBe(phase)
  })

  it('become active by an answer, a Welcome or a path that leads back, and by nothing else', () => {
    const says = new Set(['followed', 'let-in', 'in-again'])
    for (const { phase, happening } of everywhere)
      if (phase !== 'active' && nextPhase(kind, phase, happening) === 'active') expect(says).toContain(happening)
    // Whom a decision has taken out is not in again because it can follow some commit.
    expect(nextPhase(kind, 'out', 'followed')).toBe('out')
  })

  it('are what they were while nothing happens', () => {
    for (const phase of PHASES) expect(nextPhase(kind, phase, undefined)).toBe(phase)
  })

  it('let only who is in, or is to be let in, be waiting to come in again', () => {
    const from = everywhere.filter(({ phase, happening }) => nextPhase(kind, phase, happening) === 'away')
    expect([...new Set(from.map(({ phase }) => phase))].toSorted()).toEqual(['active', 'away'])
  })
})
