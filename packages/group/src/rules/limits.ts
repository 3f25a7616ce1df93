/** Things that wait for what they stand on, in one conversation: as many as a log that comes to a newcomer may have. */
export const MAX_PARKED_THINGS = 4096
/** Ids of things that can never come in: remembered, so that nobody asks for them again. */
export const MAX_REFUSED_THINGS = 256
/** Heads that one thing covers beside the one before it. */
export const MAX_HEADS_COVERED = 64
/** Accounts in one conversation: an add beyond counts for nothing. */
export const MAX_ACCOUNTS = 256
/** Recovers of one account that a further one of it may know: an account key that signs more counts for nothing. */
export const MAX_RECOVERS = 64
/** Wanted leaves: of more, which only adds that did not know of each other make, those that were granted first. */
export const MAX_WANTED_LEAVES = 512
/** Leaves that one commit adds, and as many that it removes; the next commit does the rest. */
export const MAX_CHANGED_LEAVES = 256
