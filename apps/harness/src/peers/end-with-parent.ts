// Imported before every program: it ends with whoever started it, however that has ended. Descriptor 3 leads there.
import { Socket } from 'node:net'

new Socket({ fd: 3 }).on('error', end).on('close', end).resume().unref()

function end(): void {
  process.kill(process.pid, 'SIGKILL')
}
