import type { RequestSnapshot } from './snapshots/client-snapshots.ts'

/** Said when so many conversations could not be loaded. */
export function damagedText(count: number): string {
  const which = count === 1 ? 'One conversation is' : `${String(count)} conversations are`
  return `${which} damaged on this device and cannot be opened. Invite the other person anew; all else goes on.`
}

/** Said when whoever invited into a group has taken that back. `isUnusable`: because the keys of the yes do not work. */
export function takenBackText(
  { name, title = '' }: Pick<RequestSnapshot, 'name' | 'title'>,
  { isUnusable }: { isUnusable: boolean },
): string {
  return isUnusable
    ? `${name} could not let this device into “${title}”: the keys in its yes do not work. See whether its clock is right, and ask to be invited again.`
    : `${name} has taken back the invitation into “${title}”.`
}
