import assert from 'node:assert/strict'
import type { Exit, ProgramInit } from '../peers/program.ts'
import type { Terminal } from '../peers/terminal.ts'

/** What a command must answer that cannot be done: nothing on standard output, the sentence alone on standard error. */
export interface Refusal {
  readonly words: readonly string[]
  readonly sentence: string | RegExp
  /** @default 1, failed; 2 is wrong usage */
  readonly code?: 1 | 2
  readonly init?: ProgramInit
}

export async function refuses(at: Terminal, { words, sentence, code = 1, init }: Refusal): Promise<void> {
  expectRefusal(await at.attempt(words, init), { words, sentence, code })
}

export function expectRefusal(exit: Exit, { words, sentence, code = 1 }: Refusal): void {
  const about = `${words.join(' ')} should say: ${String(sentence)}\nIt says: ${exit.out}${exit.err}`
  assert.deepEqual([exit.code, exit.out], [code, ''], about)
  assert.match(exit.err, /^[^\n]+\n$/, about)
  if (typeof sentence === 'string') assert.equal(exit.err.trimEnd(), sentence)
  else assert.match(exit.err, sentence)
}
