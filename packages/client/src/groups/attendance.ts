import type { Change, EpochId } from '@sotto/interface'
import { fromString, toString } from 'uint8arrays'
import type { Conversation } from '../conversation/conversation.ts'

const HOUR_MS = 3_600_000
/** So often the time is written down, at most. */
const EVERY_MS = 6 * HOUR_MS
/**
 * What one step of the clock counts for, at most. Whoever looks in once a week loses nothing; a clock that is set forward by a year, or a
 * device that was itself away for it, calls nobody silent.
 */
const LONGEST_STEP_MS = 7 * 24 * HOUR_MS

/** Epochs that are noted at once in one conversation: a member may make hundreds a day. */
export const MAX_NOTED = 64

/** How long this device has seen something, in milliseconds that it was there for or nearly so. */
export type Ages = Readonly<Partial<Record<EpochId, number>>>

/** What a device has noted about the epochs of a conversation. Only of those about which somebody owes a word, or that it cannot enter. */
export interface Attended {
  /** When it last looked, by its own clock. */
  readonly at: number
  /** Since when they have been on the path to the tip. */
  readonly path: Ages
  /** Since when they have been known as agreed. */
  readonly agreed: Ages
  /** Since when this device has not been able to enter them. */
  readonly lost: Ages
}

/** When each conversation was last looked at, in this run. */
const looked = new WeakMap<Conversation, number>()

/** Whether it is time to look again. A clock that went back counts from where it is now. */
export function isLookDue(conversation: Conversation): boolean {
  const now = conversation.context.clock.now()
  const last = looked.get(conversation)
  return last === undefined || now < last || now - last >= EVERY_MS
}

/** What was noted, and how much time counts as passed since. */
export async function attendedOf(conversation: Conversation): Promise<{ before: Attended; passed: number }> {
  const { store, clock } = conversation.context
  const now = clock.now()
  looked.set(conversation, now)
  const row = await store.get('meta', [keyOf(conversation)])
  if (row === undefined) return { before: { at: now, path: {}, agreed: {}, lost: {} }, passed: 0 }
  // Our own words, written below.
  const before = JSON.parse(toString(row.value)) as Attended
  return { before, passed: Math.min(Math.max(now - before.at, 0), LONGEST_STEP_MS) }
}

/** The write that notes it; none when there is nothing to note, and nothing was noted. */
export function attendedChange(conversation: Conversation, before: Attended, next: Attended): Change[] {
  const isEmpty = (noted: Attended): boolean =>
    [noted.path, noted.agreed, noted.lost].every((ages) => Object.keys(ages).length === 0)
  if (isEmpty(next)) return isEmpty(before) ? [] : [{ delete: 'meta', key: [keyOf(conversation)] }]
  return [{ put: 'meta', row: { key: keyOf(conversation), value: fromString(JSON.stringify(next)) } }]
}

/**
 * The ages of these epochs now, oldest epoch first: `passed` more for those that were noted before, nothing for those that are new. Of those
 * that are older than `enough` the newest stands for all, and of the rest only the oldest are noted: the others' time comes later.
 */
export function aged(before: Ages, epochs: readonly EpochId[], passed: number, enough: number): Ages {
  const ages = epochs.map((epoch) => ({ epoch, age: (before[epoch] ?? -passed) + passed }))
  const newestDue = ages.findLastIndex(({ age }) => age >= enough)
  const noted = ages.slice(Math.max(0, newestDue)).slice(0, MAX_NOTED)
  return Object.fromEntries(noted.map(({ epoch, age }) => [epoch, age]))
}

function keyOf({ id }: Conversation): string {
  return `attended ${id}`
}
