/** Mistakes that an honest device can be made to make, to see that the oracles notice. */
export interface Plants {
  /** Deletes the state of a branch as soon as it has lost. */
  readonly dropLosing?: boolean
  /** Deletes when final, not when everybody is known to know. */
  readonly deleteAtFinal?: boolean
  /** Takes for final what is two commits old. */
  readonly localFinality?: boolean
  /** The first commit that came is the tip. */
  readonly arrivalOrder?: boolean
  /** Sends although somebody in the tree was removed. */
  readonly noPause?: boolean
  /** Commits nobody's intents but what its user asks for. */
  readonly noReconcile?: boolean
  /** Commits what it asked for itself, and nobody else's intents. */
  readonly authorOnly?: boolean
}

export const HONEST_PLANTS: readonly (keyof Plants)[] = [
  'dropLosing',
  'deleteAtFinal',
  'localFinality',
  'arrivalOrder',
  'noPause',
  'noReconcile',
  'authorOnly',
]
