import type { Client } from '@sotto/client'
import { homeOf, type GlobalOptions } from './context.ts'

/** Stopping is cut short after this, so that a command ends soon whatever the network does. */
const STOP_MS = 4_000

/** Runs `work` on the messenger of this home. `online`: relays and direct paths are reached meanwhile. */
export async function withClient<T>(
  options: GlobalOptions,
  online: boolean,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const { verbose, transports } = options
  // Loaded when it is needed: the network stack takes longer to load than help or a mistyped word should take to answer.
  const { openHome } = await import('@sotto/client/node')
  const home = await openHome({
    directory: homeOf(options),
    logLevel: verbose === true ? 'debug' : 'warn',
    ...(transports === undefined ? {} : { transports }),
  })
  let client: Client | undefined
  try {
    client = await home.client()
    if (online) await client.start()
    return await work(client)
  } finally {
    await stopWithin(client === undefined ? home.close() : client.stop())
  }
}

async function stopWithin(stopping: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, STOP_MS)
  })
  await Promise.race([stopping, late])
  clearTimeout(timer)
}
