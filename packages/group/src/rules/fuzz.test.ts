import type { AccountId, DeviceId, EpochId, ThingId } from '@sotto/interface'
import fc from 'fast-check'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { meaningFor, type Meaning } from '../sim-rules/meaning.ts'
import { analyze } from './analyze.ts'
import { emptyLog, missing, thingsOf, withThing, type ControlLog } from './control-log.ts'
import { begun } from './fixtures/builder.ts'
import type { Body, Thing } from './thing.ts'

const CHECK = join(import.meta.dirname, '../../../../spec/rules-check.mjs')

const account = fc.constantFrom('a', 'b', 'c', 'd').map((name) => name as AccountId)
const device = fc.constantFrom('a1', 'a2', 'a3', 'b1', 'c1', 'd1').map((name) => name as DeviceId)
const thingId = fc
  .oneof({ weight: 1, arbitrary: fc.constant('create') }, { weight: 9, arbitrary: fc.nat(24).map((n) => `t${n}`) })
  .map((id) => id as ThingId)
const epoch = fc.constantFrom('epoch 0', 'e1', 'e2', 'e3').map((id) => id as EpochId)
const leaf = fc.record({ device, grant: thingId })
const leaves = fc.array(leaf, { maxLength: 2 })

const body: fc.Arbitrary<Body> = fc.oneof(
  fc.record({ kind: fc.constantFrom('remove', 'appoint', 'demote'), account }),
  fc.record({ kind: fc.constantFrom('grant', 'revoke'), device }),
  fc.record({ kind: fc.constantFrom('leave', 'ack') }),
  fc.record({ kind: fc.constant('recover'), number: fc.nat(3) }),
  fc.record({
    kind: fc.constant('add'),
    account,
    devices: fc.array(device, { maxLength: 2 }),
    acceptance: fc.constantFrom('x', 'y'),
  }),
  fc.record({ kind: fc.constant('rename'), title: fc.constantFrom('x', 'y') }),
  fc.record({ kind: fc.constant('commit'), child: epoch, added: leaves, removed: leaves }),
  fc.record({ kind: fc.constant('commit'), child: epoch, added: fc.constant([]), removed: fc.constant([]) }),
  fc.record({ kind: fc.constant('attest'), leaf, about: epoch }),
  fc.record({ kind: fc.constant('stale'), leaf }),
  fc.record({ kind: fc.constant('stuck'), commit: thingId }),
)

interface Draft {
  readonly isPlain: boolean
  readonly device: DeviceId
  readonly seq: number
  readonly refs: readonly number[]
  readonly lamport: number
  readonly epoch: EpochId
  readonly body: Body
}

const draft: fc.Arbitrary<Draft> = fc.record({
  isPlain: fc.boolean(),
  device,
  seq: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 ** 32 - 1 })),
  refs: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
  lamport: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 2 ** 32 - 1 })),
  epoch,
  body,
})

/** Things that are well encoded: half of them continue what is there, the rest is nonsense; some name what is not there, or each other. */
function thingsOfDrafts(drafts: readonly Draft[]): readonly Thing[] {
  const things: Thing[] = []
  for (const [n, { isPlain, refs, ...rest }] of drafts.entries()) {
    const own = things.filter((thing) => thing.device === rest.device).at(-1)
    const id = `t${n}` as ThingId
    const by = { id, account: rest.device.charAt(0) as AccountId }
    // Of n + 2 the last two are the create and something that comes later or never.
    const named = refs.map((ref) => (ref % (n + 2) === n ? 'create' : `t${ref % (n + 2)}`) as ThingId)
    const [prev, ...deps] = named
    const last = things.at(-1)
    const before = last === undefined ? ('create' as ThingId) : last.id
    const lamport = (last?.lamport ?? 1) + 1
    if (!isPlain) things.push({ ...rest, ...by, ...(prev === undefined ? {} : { prev }), deps })
    else if (own === undefined)
      things.push({ ...rest, ...by, seq: rest.device === 'a1' ? 2 : 1, deps: [before], lamport })
  }
  return things
}

const nonsense = fc.array(draft, { maxLength: 25 }).map(thingsOfDrafts)

function logOf(log: ControlLog, things: readonly Thing[]): ControlLog {
  return things.reduce((all, thing) => withThing(all, thing).log, log)
}

test('nothing that a member signs breaks anything, nor does its order, and the text says the same', async () => {
  // A program of its own, which no build knows.
  const { read } = (await import(CHECK)) as { read: (things: readonly Thing[]) => Meaning }
  const start = begun('a1 a2', 'b1', 'c1').log
  let most = 0
  const property = fc.property(nonsense, (things) => {
    const log = logOf(start, things)
    most = Math.max(most, log.size)
    expect(missing(log).every(({ id }) => !thingsOf(log).some((thing) => thing.id === id))).toBe(true)
    expect(analyze(logOf(start, things.toReversed()))).toEqual(analyze(log))
    expect(read(thingsOf(log))).toEqual(meaningFor(log))
    expect(logOf(emptyLog(), [...thingsOf(log)].toReversed()).size).toBe(log.size)
  })
  fc.assert(property, { numRuns: 3000, seed: 7 })
  expect(most).toBeGreaterThan(10)
})
