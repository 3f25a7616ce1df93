import { createServer } from 'node:net'

/** Somebody who takes the place of a relay that is gone, answers nothing, and counts who knocks. */
export interface Listener {
  readonly connections: number
  close(): Promise<void>
}

export async function listenAt(port: number): Promise<Listener> {
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    socket.on('error', () => undefined).destroy()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  return {
    get connections() {
      return connections
    },
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  }
}
