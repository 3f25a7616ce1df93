import { writeSync } from 'node:fs'
import { SottoError } from '@sotto/interface'

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

/** While whoever reads is slower than we are. */
const PAUSE_MS = 5

/** Written at once, so that nothing is lost when the process ends. Throws `output-closed` when nobody reads any more. */
function writeLine(line: string): void {
  const bytes = Buffer.from(`${line}\n`)
  let at = 0
  while (at < bytes.length) {
    try {
      at += writeSync(1, bytes, at)
    } catch (error) {
      if (codeOf(error) === 'EPIPE') throw new SottoError('output-closed', 'Nobody reads standard output any more.')
      if (codeOf(error) !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
    }
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
