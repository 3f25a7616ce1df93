import type { Clock } from '@sotto/interface'

/** Calls of the platform's cryptography that have not answered yet: the one thing in a scene that takes more than microtasks. */
let underWay = 0
let isOrdered = false
let last: Promise<unknown> = Promise.resolve()
/** The clock of the scene that is played. */
let now: Clock | undefined
/** What gives the platform back as it was. */
const undoing: (() => void)[] = []

/**
 * Its answers come in the order of the calls, each when all has happened that the one before has led to, however busy the machine is:
 * else no run would be like another.
 */
function order(): void {
  isOrdered = true
  const subtle = SubtleCrypto.prototype
  for (const [name, before] of Object.entries(Object.getOwnPropertyDescriptors(subtle))) {
    const { value: method } = before
    if (typeof method !== 'function' || name === 'constructor') continue
    undoing.push(() => Object.defineProperty(subtle, name, before))
    const ordered = async function (this: SubtleCrypto, ...ask: unknown[]): Promise<unknown> {
      underWay += 1
      const answer = (method as (...ask: unknown[]) => Promise<unknown>).apply(this, ask)
      const turn = Promise.allSettled([last, answer]).then(pass)
      last = turn
      await turn
      underWay -= 1
      return answer
    }
    Object.defineProperty(subtle, name, { value: ordered, configurable: true, writable: true })
  }
}

function pass(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}

/** Resolves when everything has happened that can happen before the scene's clock goes on. */
export async function rest(): Promise<void> {
  if (!isOrdered) order()
  do await pass()
  while (underWay > 0)
}

/** From now on `AbortSignal.timeout` goes by that clock: the client's own limits are to end in a scene's time, too. */
export function timeoutsBy(clock: Clock): void {
  const isFirst = now === undefined
  // Only the newest: thousands of scenes are played in one process, and none may be kept by the next one.
  now = clock
  if (!isFirst) return
  const before = AbortSignal.timeout
  undoing.push(() => {
    AbortSignal.timeout = before
    now = undefined
  })
  AbortSignal.timeout = (ms) => {
    const ending = new AbortController()
    now?.after(ms, () => ending.abort(new DOMException('The time is up.', 'TimeoutError')))
    return ending.signal
  }
}

/** The platform is as it was before the first scene: other tests of this process go by its own time and order. */
export function backToPlatform(): void {
  for (const undo of undoing.splice(0).toReversed()) undo()
  isOrdered = false
}
