// Runs a command with no network but loopback, where this user may make such a place (as root on Linux); elsewhere, as it is.
import { spawn, spawnSync } from 'node:child_process'

const LOOPBACK_ONLY = ['-n', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh']
const [program = '', ...args] = process.argv.slice(2)
const canBeAlone = process.platform === 'linux' && spawnSync('unshare', [...LOOPBACK_ONLY, 'true']).status === 0
const [command, ...words] = canBeAlone ? ['unshare', ...LOOPBACK_ONLY, program, ...args] : [program, ...args]

const child = spawn(command, words, { stdio: 'inherit' })
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal))
child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
})
child.on('exit', (code) => {
  process.exitCode = code ?? 1
})
