import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { emptyLog, thingsOf, withThing } from './control-log.ts'
import { beginAnew } from './fixtures/builder.ts'
import { HISTORIES } from './fixtures/histories.ts'
import { meaningFor, type Meaning } from '../sim-rules/meaning.ts'
import { casesIn } from '../sim-rules/read.ts'
import type { Thing } from './thing.ts'

const SPEC = join(import.meta.dirname, '../../../../spec')
const CHECK = join(SPEC, 'rules-check.mjs')
const HISTORY_FILE = join(SPEC, 'vectors/rules.json')
const WORLD_FILE = join(SPEC, 'vectors/rules-worlds.json')

const CREATE_FILE = join(SPEC, 'vectors/rules-creates.json')

const ABOUT =
  'Sections 7 to 11 of group.md. Things stand after all that they name. Ids are words here and compare by their bytes; leaves are device@grant. means: what the whole set means; valid: the create and all intents that hold; countsForNothing: the invalid ones, by their own past.'

// `npx vitest run src/rules/vectors.test.ts -u` writes the file anew.
test('rules.json is what the histories make', async () => {
  const cases = Object.entries(HISTORIES).map(([name, make]) => {
    beginAnew()
    const log = make()
    return { name, things: thingsOf(log), means: meaningFor(log) }
  })
  await expect(`${JSON.stringify({ about: ABOUT, cases }, undefined, 1)}\n`).toMatchFileSnapshot(HISTORY_FILE)
})

describe.each([HISTORY_FILE, WORLD_FILE])('%s', (path) => {
  test.each(casesIn(path))('$name', ({ things, means }) => {
    const log = things.reduce((all, thing) => withThing(all, thing).log, emptyLog())
    expect(meaningFor(log)).toEqual(means)
  })

  test('reads the same to the verifier that knows the text alone', () => {
    const { status, stdout } = spawnSync(process.execPath, [CHECK, path], { encoding: 'utf8' })
    expect(stdout.split('\n').filter((line) => line !== '' && !line.startsWith('same: '))).toEqual([])
    expect(status).toBe(0)
  })
})

describe(CREATE_FILE, async () => {
  // A program of its own, which no build knows.
  const { mayBegin } = (await import(join(SPEC, 'rules-authority.mjs'))) as { mayBegin: (thing: Thing) => boolean }
  const { valid, invalid } = JSON.parse(readFileSync(CREATE_FILE, 'utf8')) as Record<
    'valid' | 'invalid',
    readonly { readonly name: string; readonly thing: Thing }[]
  >

  test.each(valid)('a log begins with $name', ({ thing }) => {
    expect(withThing(emptyLog(), thing).log.size).toBe(1)
    expect(mayBegin(thing)).toBe(true)
  })

  test.each(invalid)('a log begins with no create $name', ({ thing }) => {
    const { log } = withThing(emptyLog(), thing)
    expect([log.size, log.parked.size]).toEqual([0, 0])
    expect(mayBegin(thing)).toBe(false)
  })
})

test('the verifier notices what is wrong', async () => {
  // A program of its own, which no build knows.
  const { differences, read } = (await import(CHECK)) as {
    differences: (a: object, b: object) => string[]
    read: (things: readonly Thing[]) => Meaning
  }
  const [one] = casesIn(HISTORY_FILE)
  if (one === undefined) throw new Error('no case')
  expect(differences(read(one.things), { ...one.means, tip: 'another' })).toEqual(['tip'])
})
