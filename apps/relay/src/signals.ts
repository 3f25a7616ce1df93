/** A stop that hangs is cut short, so that a signal always ends the process within 5 s. */
const STOP_MS = 4_000

/** Waits for SIGINT or SIGTERM, then stops. A second signal ends the process at once. */
export async function untilSignal(stop: () => Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  setTimeout(() => process.exit(1), STOP_MS).unref()
  await stop()
  // What libp2p may still hold open is not worth waiting for: the data folder is closed.
  process.exit(0)
}
