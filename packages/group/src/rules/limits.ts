/** Things that wait for what they stand on, in one conversation: as many as a log that comes to a newcomer may have. */
export const MAX_PARKED_THINGS = 4096
/** Ids of things that can never come in: remembered, so that nobody asks for them again. */
export const MAX_REFUSED_THINGS = 256
/** Heads that one thing covers beside the one before it. */
export const MAX_HEADS_COVERED = 64
