/** Throws unless both are deeply equal; bytes are compared by value and must be plain Uint8Arrays. */
export function assertSame(actual: unknown, expected: unknown, what: string): void {
  const [left, right] = [textOf(actual), textOf(expected)]
  if (left !== right) throw new Error(`${what}\n  expected ${cut(right)}\n  but got  ${cut(left)}`)
}

/** Throws unless `work` rejects with an error of that code (or, for a caller's mistake, with a TypeError). */
export async function assertRefused(work: () => Promise<unknown>, expected: string, what: string): Promise<void> {
  let result: string
  try {
    result = `an answer: ${textOf(await work())}`
  } catch (error) {
    result = error instanceof TypeError ? 'TypeError' : String((error as { code?: unknown }).code ?? error)
  }
  if (result !== expected) throw new Error(`${what}: expected ${expected}, but got ${cut(result)}`)
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part === undefined) return 'undefined'
    if (part instanceof Uint8Array) {
      const kind = Object.getPrototypeOf(part) === Uint8Array.prototype ? 'bytes' : part.constructor.name
      return `${kind}:${[...part].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
    }
    if (typeof part === 'object' && part !== null && !Array.isArray(part)) {
      return Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    }
    return part
  })
}

function cut(text: string): string {
  return text.length > 2_000 ? `${text.slice(0, 2_000)}… (${text.length} characters)` : text
}
