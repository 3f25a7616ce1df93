/** A stop that hangs is cut short, so that a signal always ends the process within 5 s. */
const STOP_MS = 4_000

/** One Ctrl-C comes from the terminal and from npm: what comes again within this time is the same signal. */
const SAME_SIGNAL_MS = 1_000

/** Waits for SIGINT or SIGTERM, then stops. A second signal ends the process at once. */
export async function untilSignal(stop: () => Promise<void>): Promise<void> {
  let first: number | undefined
  await new Promise<void>((resolve) => {
    const onSignal = (): void => {
      first ??= performance.now()
      if (performance.now() - first > SAME_SIGNAL_MS) process.exit(1)
      resolve()
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal)
  })
  setTimeout(() => process.exit(1), STOP_MS).unref()
  await stop()
  // What libp2p may still hold open is not worth waiting for: the data folder is closed.
  process.exit(0)
}
