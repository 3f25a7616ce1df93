// Runs a command where there is no network but loopback, and where all that it leaves behind ends with it. As root on Linux such a
// place can be made; elsewhere the command runs as it is.
import { spawn, spawnSync } from 'node:child_process'

const PLACE = ['--net', '--pid', '--fork', '--kill-child', '--mount-proc']
/** The shell stays: the first process of such a place has to take care of orphans. */
const IN_PLACE = [...PLACE, 'sh', '-c', 'ip link set lo up && "$@"; exit $?', 'sh']
/** For an orderly end; after this the place is given up with all that is in it. */
const PATIENCE_MS = 5_000

const [program = '', ...args] = process.argv.slice(2)
const canBeAlone = process.platform === 'linux' && spawnSync('unshare', [...IN_PLACE, 'true']).status === 0
const [command, ...words] = canBeAlone ? ['unshare', ...IN_PLACE, program, ...args] : [program, ...args]

const child = spawn(command, words, { stdio: 'inherit' })
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, () => {
    child.kill(signal)
    setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS).unref()
  })
}
child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
})
child.on('exit', (code) => {
  process.exitCode = code ?? 1
})
