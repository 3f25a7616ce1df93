import { Author } from './author.ts'
import { Dice } from './random.ts'
import type { CheckedSeal } from '../src/index.ts'

/** A seal and who made it. */
export interface Sent {
  readonly sender: string
  readonly seal: CheckedSeal
}

/** What several honest devices said while they heard of each other now and then; the last device only listened. */
export interface History {
  readonly names: readonly string[]
  readonly sent: readonly Sent[]
}

const NAMES = ['alice', 'bob', 'carol', 'dora']

/** Real seals of a conversation: batches of one to three events, citing whatever had reached their author. */
export function makeHistory(seed: number, turns = 24): History {
  const dice = new Dice(seed)
  const authors = NAMES.slice(0, -1).map((name) => new Author(name, NAMES))
  const sent: Sent[] = []
  const heard = new Map(authors.map(({ name }) => [name, 0]))
  for (let turn = 0; turn < turns; turn++) {
    const author = dice.pick(authors)
    if (author === undefined) continue
    const upTo = Math.min(sent.length, (heard.get(author.name) ?? 0) + dice.below(5))
    for (const { sender, seal } of sent.slice(heard.get(author.name), upTo)) {
      if (sender !== author.name) author.open(sender, seal)
    }
    heard.set(author.name, upTo)
    for (let count = dice.below(3); count >= 0; count--) author.compose(`${author.name} ${turn} ${count}`)
    sent.push({ sender: author.name, seal: author.seal() })
  }
  return { names: NAMES, sent }
}

/** Each seal one to three times, in any order. */
export function shuffled(sent: readonly Sent[], seed: number): Sent[] {
  const dice = new Dice(seed)
  const copies = sent.flatMap((one) => Array.from({ length: 1 + dice.below(3) }, () => one))
  return copies
    .map((one) => ({ one, at: dice.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one)
}
