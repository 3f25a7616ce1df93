/** Finite, since a hang is a failure; generous, since machines are busy. */
export const PATIENCE_MS = 180_000
