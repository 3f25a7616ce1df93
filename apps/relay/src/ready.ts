/** What is running, and where. */
export interface Ready {
  readonly web?: string | undefined
  /** WebSocket first. */
  readonly relay: readonly string[]
  readonly health: string
}

/** Says on standard output that everything runs: one JSON line, or a few for a person. */
export function announceReady({ web, relay, health }: Ready, json: boolean): void {
  if (json) {
    const line = { ready: true, ...(web === undefined ? {} : { web }), relay, health }
    process.stdout.write(`${JSON.stringify(line)}\n`)
    return
  }
  const lines = [
    ...(web === undefined ? [] : [`Sotto is ready: ${web}`]),
    ...relay.map((address) => `Relay:  ${address}`),
    `Health: ${health}/healthz`,
    'Ctrl-C stops it.',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}
