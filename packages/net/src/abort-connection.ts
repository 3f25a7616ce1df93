import type { Connection } from '@libp2p/interface'

/**
 * Ends a connection at once, and everything on it. Never throws: yamux does, having ended its streams, when what it would say goodbye over is closed
 * already, and in a timer or a listener that would end the process.
 */
export function abortConnection(connection: Pick<Connection, 'abort'>, why: string): void {
  try {
    connection.abort(new Error(why))
  } catch {
    // It is closed, which is what was wanted.
  }
}
