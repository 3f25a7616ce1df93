import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { STATE } from './places.mjs'

/** npm forwards a signal that its whole process group got already: what comes again within this time is the same signal. */
const SAME_SIGNAL_MS = 1_000
const LOOK_FOR_NPM_MS = 500
/** Known from the first moment on: npm may be gone before there is a child. */
const PARENT = process.ppid

/**
 * Runs a program as if it stood in our place: our streams, our signals, its exit status.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd: string, caller: string }} options `caller` is the folder that relative paths mean
 * @returns {Promise<number>}
 */
export async function runChild(program, args, { cwd, caller }) {
  // Compiled code is kept, so that the next start is quicker.
  const env = { NODE_COMPILE_CACHE: join(STATE, 'compiled'), ...withoutNpm(process.env), INIT_CWD: caller }
  const child = spawn(program, args, { cwd, env, stdio: 'inherit' })
  const stopForwarding = forwardSignals(child)
  try {
    return await ended(child)
  } finally {
    stopForwarding()
  }
}

/**
 * What npm tells its scripts confuses npm and pnpm inside them. Where packages come from must stay.
 * @param {NodeJS.ProcessEnv} env
 */
export function withoutNpm(env) {
  const keeps =
    /^npm_config_(?:registry|.*proxy|cafile|ca|userconfig|globalconfig|cache|offline|prefer_offline|.*:registry)$/i
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('npm_') || keeps.test(name)))
}

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<number>} */
export function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 1 : constants.signals[signal])))
  })
}

/** @param {import('node:child_process').ChildProcess} child @returns {() => void} ends the forwarding */
function forwardSignals(child) {
  let last = -Infinity
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    const again = performance.now() - last < SAME_SIGNAL_MS
    last = performance.now()
    // A terminal gives Ctrl-C to the child itself.
    if (again || (signal === 'SIGINT' && process.stdin.isTTY)) return
    child.kill(signal)
  }
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
  for (const signal of signals) process.on(signal, forward)
  const watch = watchNpm(() => forward('SIGTERM'))
  return () => {
    clearInterval(watch)
    for (const signal of signals) process.off(signal, forward)
  }
}

/**
 * Whoever kills npm means what it started, which would otherwise run on unseen. Nobody else's end means anything: a relay that was
 * started from a shell without npm outlives that shell if it is told to.
 * @param {() => void} onGone called once
 */
function watchNpm(onGone) {
  if (process.env['npm_execpath'] === undefined) return undefined
  const timer = setInterval(() => {
    if (process.ppid === PARENT) return
    clearInterval(timer)
    onGone()
  }, LOOK_FOR_NPM_MS)
  return timer
}
