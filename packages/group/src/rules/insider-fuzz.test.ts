import type { AccountId, DeviceId, EpochId, ThingId } from '@sotto/interface'
import { describe, expect, test } from 'vitest'
import { costOf } from '../fixtures/insider/cost.ts'
import { FACTOR, SEED } from '../fixtures/insider/how-many.ts'
import { chosen } from '../fixtures/insider/mutate.ts'
import { randomFrom, shuffled, type Random } from '../sim-rules/random.ts'
import { analyze } from './analyze.ts'
import { emptyLog, thingsOf, withThing, type ControlLog } from './control-log.ts'
import { account, accountsIn, begun, committed, said, thingOn, treeIn } from './fixtures/builder.ts'
import { MAX_PARKED_THINGS } from './limits.ts'
import type { Body, Leaf, Thing } from './thing.ts'

// A member without any rank signs whatever it likes with its two devices: true chains and forks of them, every kind of thing about anybody,
// places in the past, in the future and nowhere. The others stay in, and the owner can put it out.

const THINGS = Math.ceil(3000 * FACTOR)
const TOGETHER = 30
const LIMIT_MS = 50

const PEOPLE = ['a', 'b', 'c', 'm', 'nobody'].map((name) => name as AccountId)
const DEVICES = ['a1', 'a2', 'b1', 'c1', 'm1', 'm2', 'm3', 'x1'].map((name) => name as DeviceId)
const EPOCHS = ['epoch 0', 'mine 1', 'mine 2', 'nowhere'].map((name) => name as EpochId)

function bodyOf(random: Random, ids: readonly ThingId[]): Body {
  const someone = chosen(random, PEOPLE)
  const device = chosen(random, DEVICES)
  const leaf = (): Leaf => ({ device: chosen(random, DEVICES), grant: chosen(random, ids) })
  const leaves = (): Leaf[] => Array.from({ length: random(4) }, leaf)
  const epoch = chosen(random, EPOCHS)
  return chosen<Body>(random, [
    { kind: chosen(random, ['remove', 'appoint', 'demote'] as const), account: someone },
    { kind: chosen(random, ['grant', 'revoke'] as const), device },
    { kind: chosen(random, ['leave', 'ack'] as const) },
    { kind: 'recover', number: random(1_000_000) },
    {
      kind: 'add',
      account: someone,
      devices: [device, chosen(random, DEVICES)],
      acceptance: chosen(random, ['x', 'y']),
    },
    { kind: 'rename', title: 'Mine' },
    { kind: 'commit', child: epoch, added: leaves(), removed: leaves() },
    { kind: 'commit', child: epoch, added: [], removed: [] },
    { kind: 'attest', leaf: leaf(), about: epoch },
    { kind: 'stale', leaf: leaf() },
    { kind: 'stuck', commit: chosen(random, ids) },
  ])
}

/** A thing of Mallory's that goes on from the log, with up to three of its fields as nobody honest has them. */
function wrongThing(random: Random, log: ControlLog, n: number): Thing {
  const ids = [...thingsOf(log).map(({ id }) => id), 'later' as ThingId, `m${String(n + 1)}` as ThingId]
  const by = chosen(random, ['m1', 'm2'])
  const honest = thingOn(log, by, bodyOf(random, ids), { id: `m${String(n)}` as ThingId })
  const lies: readonly Partial<Thing>[] = [
    { seq: chosen(random, [0, 1, 2, honest.seq - 1, honest.seq + 1, 2 ** 32 - 1]) },
    { lamport: chosen(random, [0, 1, honest.lamport - 1, 2 ** 32 - 1]) },
    { deps: Array.from({ length: random(5) }, () => chosen(random, ids)) },
    { prev: chosen(random, ids) },
    { epoch: chosen(random, EPOCHS) },
  ]
  let thing = honest
  for (let count = random(4); count > 0; count--) thing = { ...thing, ...chosen(random, lies) }
  return thing
}

async function attacked(random: Random, start: ControlLog, count: number): Promise<ControlLog> {
  let known = start
  const things: Thing[] = []
  for (let n = 0; n < count; n++) {
    const thing = wrongThing(random, known, n)
    things.push(thing)
    known = withThing(known, thing).log
  }
  let log = start
  for (const thing of shuffled(random, things)) {
    const taken = withThing(log, thing).log
    const before = log
    const cost = await costOf(async () => analyze(withThing(before, thing).log), LIMIT_MS)
    if (cost >= LIMIT_MS) throw new Error(`${thing.id} (${thing.body.kind}) cost ${cost.toFixed(0)} ms`)
    log = taken
  }
  return log
}

describe('whatever a member says, the others stay in and can go on without it', () => {
  test(`${String(THINGS)} control things (seed ${String(SEED)})`, { timeout: 60_000 + 60_000 * FACTOR }, async () => {
    const random = randomFrom(SEED)
    let took = 0
    for (let done = 0; done < THINGS; done += TOGETHER) {
      const { log: start } = begun('a1 a2', 'b1', 'c1', 'm1 m2')
      const log = await attacked(random, start, Math.min(TOGETHER, THINGS - done))
      took += log.size - start.size
      expect(accountsIn(log).replace(/ m:\w+/, '')).toBe('a:owner b:member c:member')
      expect(log.parked.size).toBeLessThanOrEqual(MAX_PARKED_THINGS)
      // The owner goes on from here: one who is in comes in, who is out is out, and the keys change.
      const out = committed(said(log, 'a1', { kind: 'remove', account: account('m') }), 'a1')
      expect(accountsIn(out)).toBe('a:owner b:member c:member')
      expect(treeIn(out)).toBe('a1 a2 b1 c1')
      // And a newcomer, who gets all that has its place, reads the same.
      const anew = thingsOf(out).reduce((all, thing) => withThing(all, thing).log, emptyLog())
      expect(analyze(anew)).toEqual(analyze(out))
    }
    expect(took).toBeGreaterThan(THINGS / 4)
  })
})

test('things that wait for what nobody has give way to each other, not to the things of others', () => {
  const { log: start } = begun('a1', 'b1', 'm1')
  const never = { deps: ['never' as ThingId] }
  const from = (by: string, n: number): Thing =>
    thingOn(start, by, { kind: 'ack' }, { ...never, id: `${by}, ${String(n)}` as ThingId, seq: n + 1 })
  const first = from('b1', 1)
  const flood = Array.from({ length: MAX_PARKED_THINGS - 1 }, (_, n) => from('m1', n))
  const full: ControlLog = { ...start, parked: new Map([first, ...flood].map((thing) => [thing.id, thing])) }
  let log = full
  for (let n = 0; n < 20; n++) log = withThing(log, from('m1', MAX_PARKED_THINGS + n)).log
  expect(log.parked.size).toBe(MAX_PARKED_THINGS)
  expect(log.parked.has(first.id)).toBe(true)
  log = withThing(log, from('b1', 2)).log
  expect([...log.parked.values()].filter(({ device }) => device === 'b1')).toHaveLength(2)
})
