import type { Clock } from '@sotto/interface'

/** Calls of the platform's cryptography that have not answered yet: the one thing in a scene that takes more than microtasks. */
let underWay = 0
let isOrdered = false
let last: Promise<unknown> = Promise.resolve()

/**
 * Its answers come in the order of the calls, each when all has happened that the one before has led to, however busy the machine is:
 * else no run would be like another.
 */
function order(): void {
  isOrdered = true
  const subtle = SubtleCrypto.prototype
  for (const [name, { value: method }] of Object.entries(Object.getOwnPropertyDescriptors(subtle))) {
    if (typeof method !== 'function' || name === 'constructor') continue
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
  AbortSignal.timeout = (ms) => {
    const ending = new AbortController()
    clock.after(ms, () => ending.abort(new DOMException('The time is up.', 'TimeoutError')))
    return ending.signal
  }
}
