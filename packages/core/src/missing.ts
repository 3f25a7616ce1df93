import type { DeviceId } from '@sotto/interface'

import { deliveredOf } from './devices.ts'
import type { DeviceRecord, Missing, Span } from './state.ts'

/** Notes for each author the first events that something here speaks of and that are not here, and since when. */
export function trackMissing(devices: readonly DeviceRecord[], now: number): readonly DeviceRecord[] {
  const tops = knownTops(devices)
  return devices.map((record) => {
    const top = tops.get(record.device) ?? 0
    const [span] = record.past === true ? [] : missingSpans(record, Math.max(top, record.heard ?? 0))
    const missing = span === undefined ? undefined : follow(record.missing, span, now, span.from > top)
    return sameMissing(missing, record.missing) ? record : { ...record, missing }
  })
}

/** Everything of that author that is not here, up to `top`. */
export function missingSpans(record: DeviceRecord, top: number): Span[] {
  const spans: Span[] = []
  let from = deliveredOf(record) + 1
  for (const { seq } of record.held) {
    if (seq > top) break
    if (seq > from) spans.push({ from, to: seq - 1 })
    from = Math.max(from, seq + 1)
  }
  if (from <= top) spans.push({ from, to: top })
  return spans
}

/** The highest place in each chain that something here speaks of. */
function knownTops(devices: readonly DeviceRecord[]): Map<DeviceId, number> {
  const tops = new Map<DeviceId, number>()
  const raise = (device: DeviceId, seq: number): void => {
    if (seq > (tops.get(device) ?? 0)) tops.set(device, seq)
  }
  for (const record of devices) {
    raise(record.device, Math.max(record.claimed, record.held.at(-1)?.seq ?? 0))
    for (const { deps } of record.held) for (const dep of deps) raise(dep.device, dep.seq)
  }
  return tops
}

function follow(before: Missing | undefined, span: Span, now: number, isHearsay: boolean): Missing {
  const asked = Math.min(before?.asked ?? 0, now)
  // Whoever says that there is more and lies does not make us ask anew after each event.
  if (before !== undefined && before.from !== span.from && isHearsay)
    return { ...before, ...span, since: Math.min(before.since, now), asked }
  if (before?.from !== span.from) return { ...span, since: now, asked, tries: 0 }
  return { ...before, to: span.to, since: Math.min(before.since, now), asked }
}

function sameMissing(a: Missing | undefined, b: Missing | undefined): boolean {
  return a?.from === b?.from && a?.to === b?.to && a?.since === b?.since && a?.asked === b?.asked
}
