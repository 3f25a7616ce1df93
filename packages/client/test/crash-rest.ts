/** Calls of the platform's cryptography that have not answered yet: the one thing in a scene that takes more than microtasks. */
let underWay = 0
let isCounted = false

function count(): void {
  isCounted = true
  const subtle = SubtleCrypto.prototype
  for (const [name, { value: method }] of Object.entries(Object.getOwnPropertyDescriptors(subtle))) {
    if (typeof method !== 'function' || name === 'constructor') continue
    const counted = async function (this: SubtleCrypto, ...ask: unknown[]): Promise<unknown> {
      underWay += 1
      try {
        return await (method as (...ask: unknown[]) => Promise<unknown>).apply(this, ask)
      } finally {
        underWay -= 1
      }
    }
    Object.defineProperty(subtle, name, { value: counted, configurable: true, writable: true })
  }
}

/** Resolves when everything has happened that can happen before the scene's clock goes on. */
export async function rest(): Promise<void> {
  if (!isCounted) count()
  do await new Promise((resolve) => void setImmediate(resolve))
  while (underWay > 0)
}
