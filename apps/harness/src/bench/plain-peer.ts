// Two of these, `listen` and `connect PORT`, carry lines over plain TCP and nothing else: what a line costs at least.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

const [role, port] = process.argv.slice(2)

if (role === 'listen') {
  const server = createServer(carry).listen(0, '127.0.0.1', () => {
    process.stdout.write(`${JSON.stringify({ ready: true, port: (server.address() as AddressInfo).port })}\n`)
  })
} else {
  const socket = connect(Number(port), '127.0.0.1', () => process.stdout.write('{"ready":true}\n'))
  carry(socket)
}

function carry(socket: Socket): void {
  socket.setNoDelay(true)
  createInterface({ input: socket }).on('line', (line) => process.stdout.write(`${line}\n`))
  createInterface({ input: process.stdin }).on('line', (line) => socket.write(`${line}\n`))
}
