import type { ThingId } from '@sotto/interface'

/** Where something stands in the log, whoever looks: earlier is lower. */
export interface Standing {
  readonly lamport: number
  readonly id: ThingId
}

/**
 * The rank of an account: empty for the owner; an appointment adds its own standing to the appointer's rank. Plain members have none.
 * It rests on signed intents alone, so it is the same on every branch.
 */
export type Rank = readonly Standing[]

/** Which of two devices came first: the standing of what first granted it, then its place there. */
export interface Age extends Standing {
  readonly place: number
}

export function compareStanding(a: Standing, b: Standing): number {
  return a.lamport - b.lamport || compareText(a.id, b.id)
}

/** Negative when `a` is senior: the shorter rank, then the earlier appointment; members (no rank) last and all equal. */
export function compareRank(a: Rank | undefined, b: Rank | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
  if (a.length !== b.length) return a.length - b.length
  for (let i = 0; i < a.length; i++) {
    const [left, right] = [a[i], b[i]]
    const order = left === undefined || right === undefined ? 0 : compareStanding(left, right)
    if (order !== 0) return order
  }
  return 0
}

export function compareAge(a: Age, b: Age): number {
  return compareStanding(a, b) || a.place - b.place
}

/** By UTF-16 units, which for hex is by bytes. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
