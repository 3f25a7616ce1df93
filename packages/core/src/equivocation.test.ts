import { describe, expect, it } from 'vitest'
import { Author } from '../test/author.ts'
import { deviceOf } from '../test/ids.ts'
import { Dice } from '../test/random.ts'
import type { CheckedSeal } from './index.ts'

// A device whose copies each write an event in every place of one chain, of which each member gets the one or the other, or hears of both. What the
// others say stands on what they have got: it comes to everybody all the same.

const HONEST = ['bob', 'carol', 'dora']
const NAMES = [...HONEST, 'mallory']
const TURNS = 60
const SEEDS = 30

interface Sent {
  readonly sender: string
  readonly seal: CheckedSeal
}

/** Everything that is sent, and the honest devices, who have heard some of it. */
function parted(dice: Dice): { honest: readonly Author[]; sent: readonly Sent[] } {
  const honest = HONEST.map((name) => new Author(name, NAMES))
  const twins = [new Author('mallory', NAMES), new Author('mallory', NAMES)]
  const sent: Sent[] = []
  const heard = new Map<Author, Set<Sent>>()
  const hear = (author: Author, one: Sent): void => {
    const all = heard.get(author) ?? new Set()
    heard.set(author, all.add(one))
    if (one.sender !== author.name) author.open(one.sender, one.seal)
  }
  for (let turn = 0; turn < TURNS; turn++) {
    const author = dice.pick([...honest, ...twins])
    if (author === undefined) continue
    const twin = twins.indexOf(author)
    const name = twin === -1 ? author.name : `mallory ${String(twin)}`
    sent.push({ sender: author.name, seal: author.say(`${name} says ${String(turn)}`) })
    for (const other of [...honest, ...twins])
      for (const one of sent) if (heard.get(other)?.has(one) !== true && dice.chance(0.3)) hear(other, one)
  }
  for (const author of honest) for (const one of sent) if (heard.get(author)?.has(one) !== true) hear(author, one)
  return { honest, sent }
}

const saidBy = (author: Author, name: string): string[] => author.texts().filter((text) => text.startsWith(`${name} `))

describe('two events in one place, each for some', () => {
  it.each(Array.from({ length: SEEDS }, (_, at) => at + 1))('part nobody, seed %i', (seed) => {
    const { honest, sent } = parted(new Dice(seed))
    for (const name of HONEST) {
      const all = sent.filter(({ sender }) => sender === name).length
      const [first, ...rest] = honest.map((author) => saidBy(author, name))
      expect(first).toHaveLength(all)
      for (const other of rest) expect(other).toEqual(first)
    }
    for (const author of honest) {
      const places = [...author.rows.values()].filter(({ device }) => device === deviceOf('mallory'))
      expect(new Set(places.map(({ seq }) => seq)).size).toBe(places.length)
    }
    // What is said next waits for nothing, and has its place in both logs.
    const [bob, carol] = honest
    const next = bob?.say('bob goes on')
    if (next !== undefined) carol?.open('bob', next)
    const answer = carol?.say('carol answers')
    if (answer !== undefined) bob?.open('carol', answer)
    for (const author of [bob, carol]) expect(author?.texts().slice(-2)).toEqual(['bob goes on', 'carol answers'])
  })

  it('are really said, to the one and to the other', () => {
    const shown = Array.from({ length: SEEDS }, (_, at) => parted(new Dice(at + 1)).honest)
    const versions = shown.map((honest) => new Set(honest.map((author) => saidBy(author, 'mallory').join())).size)
    expect(versions.filter((count) => count > 1).length).toBeGreaterThan(SEEDS / 3)
  })
})
