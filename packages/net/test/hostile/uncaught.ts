const EVENTS = ['uncaughtException', 'unhandledRejection'] as const

/** What nobody caught while `work` ran: it would have ended the process. The runner's own listeners rest meanwhile. */
export async function uncaughtDuring(work: () => Promise<void>): Promise<unknown[]> {
  const uncaught: unknown[] = []
  const note = (error: unknown): void => void uncaught.push(error)
  const others = EVENTS.map((event) => [event, process.listeners(event as 'uncaughtException')] as const)
  for (const event of EVENTS) process.removeAllListeners(event).on(event, note)
  try {
    await work()
    // A rejection counts as unhandled only when its turn is over.
    await turns(3)
  } finally {
    for (const [event, listeners] of others) {
      process.removeListener(event, note)
      for (const listener of listeners) process.on(event, listener)
    }
  }
  return uncaught
}

/** Lets the event loop go round so often. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}
