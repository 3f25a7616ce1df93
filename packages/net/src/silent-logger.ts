import type { ComponentLogger, Logger } from '@libp2p/interface'

/** libp2p's own log lines name peers, addresses and what peers sent. There are none, whatever `DEBUG` says. */
export const silentLogger: ComponentLogger = { forComponent: () => silent() }

function silent(): Logger {
  const nothing = (): void => undefined
  return Object.assign(nothing, { error: nothing, trace: nothing, enabled: false, newScope: () => silent() })
}
