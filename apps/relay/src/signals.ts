/** A stop that hangs is cut short, so that a signal always ends the process within 5 s. */
const STOP_MS = 4_000

/** One Ctrl-C comes from the terminal and from npm: what comes again within this time is the same signal. */
const SAME_SIGNAL_MS = 1_000

/** From here on SIGINT and SIGTERM mean an orderly stop, which is the caller's; a second one ends the process at once. */
export function firstSignal(): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined
    const onSignal = (): void => {
      if (first === undefined) setTimeout(() => process.exit(1), STOP_MS).unref()
      first ??= performance.now()
      if (performance.now() - first > SAME_SIGNAL_MS) process.exit(1)
      resolve()
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal)
  })
}
