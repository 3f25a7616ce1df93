import { devicesAgree } from './devices.ts'
import type { Entry } from './entry.ts'
import { finalsOf } from './final.ts'
import { Findings, RULES, type RuleName, type Violation } from './findings.ts'
import { nothingLost } from './lost.ts'
import { orderRespected } from './order.ts'
import { read } from './reading.ts'
import { rostersEqual } from './rosters.ts'
import { noTickLied } from './ticks.ts'
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
  nothingTwice(reading, findings.twice)
  orderRespected(reading, finals, findings.order)
  noTickLied(reading, finals, findings.ticks)
  rostersEqual(reading, finals, findings.rosters)
  devicesAgree(reading, finals, findings.devices)
  const violations = RULES.flatMap((rule) => findings[rule].violations)
  const looks = Object.fromEntries(RULES.map((rule) => [rule, findings[rule].looks])) as Record<RuleName, number>
  return { holds: violations.length === 0, violations, looks }
}
