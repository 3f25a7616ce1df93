import type { Clock, Relay } from '@sotto/interface'

const LOOK_EVERY_MS = 50
/** The first attempts to connect are over by then, whatever came of them. */
const GIVE_UP_MS = 3_000

/**
 * Waits until the relay answers: true. False when `signal` aborts first, or when connecting has failed for a few seconds with a
 * problem that waiting does not mend.
 */
export function isReached(clock: Clock, relay: Relay, options: { signal: AbortSignal }): Promise<boolean> {
  return isAnyReached(clock, [relay], options)
}

/** The same of several, one of which is enough. */
export async function isAnyReached(
  clock: Clock,
  relays: readonly Relay[],
  options: { signal: AbortSignal },
): Promise<boolean> {
  const giveUp = clock.monotonic() + GIVE_UP_MS
  while (!relays.some((relay) => relay.reachable)) {
    if (options.signal.aborted) return false
    if (relays.every((relay) => relay.problem !== undefined) && clock.monotonic() >= giveUp) return false
    await new Promise<void>((resolve) => void clock.after(LOOK_EVERY_MS, resolve))
  }
  return true
}
