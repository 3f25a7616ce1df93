import { devicesAgree } from './devices.ts'
import type { Entry } from './entry.ts'
import { finalsOf } from './final.ts'
import { Findings, RULES, type RuleName, type Violation } from './findings.ts'
import { nothingVanishes } from './kept.ts'
import { nothingLost } from './lost.ts'
import { orderRespected } from './order.ts'
import { read } from './reading.ts'
import { readOnce } from './reads.ts'
import { rostersEqual } from './rosters.ts'
import { saidAsShown } from './said.ts'
import { noTickLied, ticksCame } from './ticks.ts'
import { nothingTwice } from './twice.ts'

/** What became of a history: everything that it must not contain, and how often each rule looked. */
export interface Verdict {
  readonly holds: boolean
  readonly violations: readonly Violation[]
  readonly looks: Readonly<Record<RuleName, number>>
}

/** Checks a whole history; nothing but what it contains counts. */
export function check(entries: readonly Entry[]): Verdict {
  const reading = read(entries)
  const finals = finalsOf(reading)
  const findings = {
    lost: new Findings('lost'),
    twice: new Findings('twice'),
    order: new Findings('order'),
    ticks: new Findings('ticks'),
    rosters: new Findings('rosters'),
    devices: new Findings('devices'),
  }
  nothingLost(reading, finals, findings.lost)
  saidAsShown(reading, findings.lost)
  nothingVanishes(reading, findings.lost)
  nothingTwice(reading, findings.twice)
  orderRespected(reading, finals, findings.order)
  noTickLied(reading, finals, findings.ticks)
  ticksCame(reading, finals, findings.ticks)
  readOnce(reading, findings.ticks)
  rostersEqual(reading, finals, findings.rosters)
  devicesAgree(reading, finals, findings.devices)
  for (const rule of RULES) {
    // One who has one device has no other to agree with.
    if (rule === 'devices' || findings[rule].looks > 0) continue
    findings[rule].expect(false, () => 'There was nothing to look at.')
  }
  const violations = RULES.flatMap((rule) => findings[rule].violations)
  const looks = Object.fromEntries(RULES.map((rule) => [rule, findings[rule].looks])) as Record<RuleName, number>
  return { holds: violations.length === 0, violations, looks }
}
