import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

const LOOK_MS = 100
/** The rights to break a stale lock are held for microseconds; older ones were left by a process that died right there. */
const BREAKER_MS = 10_000

/**
 * Runs `work` while no other process of this machine runs its own under `path`. The lock of a process that died is taken over.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {() => void} onWait called once if somebody else holds the lock
 * @returns {Promise<T>}
 */
export async function withLock(path, work, onWait) {
  for (let waited = false; !take(path); waited = true) {
    if (!waited) onWait()
    await pause(LOOK_MS)
  }
  const release = () => rmSync(path, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    release()
    process.off('exit', release)
  }
}

/** @param {string} path */
function take(path) {
  if (create(path)) return true
  const holder = read(path)
  if (holder === undefined || isAlive(holder)) return false
  // Only one process at a time may break a lock, or a second one would break the first one's new lock.
  const breaker = `${path}.breaker`
  if (!create(breaker)) {
    const age = Date.now() - (statSync(breaker, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
    if (age > BREAKER_MS) rmSync(breaker, { force: true })
    return false
  }
  if (read(path) === holder) rmSync(path, { force: true })
  rmSync(breaker, { force: true })
  return create(path)
}

/** A link appears with its content, so nobody reads a lock that does not say yet whose it is. @param {string} path */
function create(path) {
  const mine = `${path}.${process.pid}`
  writeFileSync(mine, `${process.pid} ${bornAt(process.pid)}`)
  try {
    linkSync(mine, path)
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
    return false
  } finally {
    rmSync(mine, { force: true })
  }
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** @param {string} holder */
function isAlive(holder) {
  const [pid, born] = holder.split(' ')
  try {
    process.kill(Number(pid), 0)
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EPERM') return false
  }
  return bornAt(Number(pid)) === born
}

/** Process ids are used again, soon in containers: Linux also tells when a process began. @param {number} pid */
function bornAt(pid) {
  return read(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ')[19] ?? '-'
}
