import type { Page } from 'playwright-core'

/** What the browser itself says about the page's peer connections. */
export interface Wire {
  readonly state: string
  readonly local: string
  readonly remote: string
  readonly protocol: string
  readonly sent: number
  readonly received: number
}

interface Instruments {
  readonly connections: RTCPeerConnection[]
  clicks: number
}

declare global {
  interface Window {
    instruments: Instruments
  }
}

/** Runs in the page before its own scripts: keeps hold of its peer connections, and counts what a person clicks. */
export function installInstruments(): void {
  const instruments: Instruments = { connections: [], clicks: 0 }
  const Native = window.RTCPeerConnection
  window.instruments = instruments
  window.RTCPeerConnection = class extends Native {
    constructor(...args: ConstructorParameters<typeof Native>) {
      super(...args)
      instruments.connections.push(this)
    }
  }
  document.addEventListener('click', () => (instruments.clicks += 1), { capture: true })
}

export function clicksOf(page: Page): Promise<number> {
  return page.evaluate(() => window.instruments.clicks)
}

/** The pair of addresses over which each connected peer connection of the page sends. */
export function wiresOf(page: Page): Promise<Wire[]> {
  return page.evaluate(async () => {
    const connected = window.instruments.connections.filter(({ connectionState }) => connectionState === 'connected')
    const wires = connected.map(async (connection): Promise<Wire[]> => {
      const stats = await connection.getStats()
      const transport = [...stats.values()].find(({ type }) => type === 'transport')
      const pair = stats.get(transport.selectedCandidatePairId)
      const local = stats.get(pair.localCandidateId)
      const remote = stats.get(pair.remoteCandidateId)
      return [
        {
          state: connection.connectionState,
          local: local.candidateType,
          remote: remote.candidateType,
          protocol: local.protocol,
          sent: pair.bytesSent,
          received: pair.bytesReceived,
        },
      ]
    })
    return (await Promise.all(wires)).flat()
  })
}
