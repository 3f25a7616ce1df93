/** Mistakes of what keeps and uses states. */
export interface GroupPlants {
  /** Keeps the four newest epochs, as a library does that knows of no forks. */
  readonly fourKeptEpochs?: boolean
  /** Enters its own commits as those of others. */
  readonly ownCommitProcessed?: boolean
}
