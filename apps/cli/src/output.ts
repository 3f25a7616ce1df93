import { writeSync } from 'node:fs'

/** Where answers go: JSON lines and nothing else, or lines for a person. */
export interface Output {
  readonly isJson: boolean
  /** One answer: the object as a JSON line, or the text. */
  answer(value: object, text: string): void
  /** One answer a row; without rows `none` is said (to a person only). */
  rows<T extends object>(values: readonly T[], text: (value: T) => string, none: string): void
}

export function createOutput(isJson: boolean): Output {
  return {
    isJson,
    answer: (value, text) => writeLine(isJson ? JSON.stringify(value) : text),
    rows(values, text, none) {
      if (values.length === 0 && !isJson) writeLine(none)
      for (const value of values) writeLine(isJson ? JSON.stringify(value) : text(value))
    },
  }
}

/** Written at once, so that nothing is lost when the process ends. */
function writeLine(line: string): void {
  const bytes = Buffer.from(`${line}\n`)
  let at = 0
  while (at < bytes.length) {
    try {
      at += writeSync(1, bytes, at)
    } catch (error) {
      if (!isAgain(error)) throw error
    }
  }
}

function isAgain(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN'
}
