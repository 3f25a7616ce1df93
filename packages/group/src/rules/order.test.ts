import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { costOf } from '../fixtures/insider/cost.ts'
import { analyze } from './analyze.ts'
import { ARENA, emptyLog, thingsOf, withThing, type ControlLog } from './control-log.ts'
import type { Epoch } from './epoch.ts'
import { account, begun, commitBody, device, joined, thingOn } from './fixtures/builder.ts'
import { mayCommit } from './may-commit.ts'
import type { Body, Thing } from './thing.ts'
import { betterPath, compareSiblings } from './tip.ts'

/** Who does what on which of three branches that meet now and then; devices may fork their chains by that. */
const step = fc.record({
  branch: fc.nat(2),
  by: fc.constantFrom('a1', 'a2', 'b1', 'c1', 'd1'),
  what: fc.constantFrom(
    'commit',
    'ack',
    'remove',
    'add',
    'appoint',
    'demote',
    'leave',
    'grant',
    'revoke',
    'rename',
    'join',
    'join',
  ),
  whom: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
})

function bodyOf(log: ControlLog, { by, what, whom }: { by: string; what: string; whom: string }): Body | undefined {
  const target = account(whom)
  switch (what) {
    case 'commit':
      return mayCommit(analyze(log), device(by)) && commitBody(log, by)
    case 'add':
      return {
        kind: 'add',
        account: target,
        devices: [device(`${whom}1`)],
        acceptance: `${whom} ${thingsOf(log).length}`,
      }
    case 'remove':
    case 'appoint':
    case 'demote':
      return { kind: what, account: target }
    case 'grant':
    case 'revoke':
      return { kind: what, device: device(`${by.charAt(0)}${whom === 'a' ? 2 : 1}`) }
    case 'rename':
      return { kind: 'rename', title: whom }
    case 'leave':
      return { kind: 'leave' }
    default:
      return { kind: 'ack' }
  }
}

const histories = fc.array(step, { maxLength: 40 }).map((steps) => {
  const { log } = begun('a1 a2', 'b1', 'c1', 'd1')
  const branches = [log, log, log]
  for (const one of steps) {
    const here = branches[one.branch] ?? log
    const body = bodyOf(here, one)
    if (one.what === 'join') branches[one.branch] = joined(here, branches[(one.branch + 1) % 3] ?? log)
    else if (body !== undefined) branches[one.branch] = withThing(here, thingOn(here, one.by, body)).log
  }
  return joined(branches[0] ?? log, ...branches.slice(1))
})

function insertedIn(things: readonly Thing[]): ControlLog {
  return things.reduce((log, thing) => withThing(log, thing).log, emptyLog())
}

describe('whatever came first', () => {
  test('the same things mean the same', () => {
    fc.assert(
      fc.property(histories, fc.infiniteStream(fc.nat()), (log, numbers) => {
        const shuffled = thingsOf(log)
          .map((thing) => ({ thing, at: thing.body.kind === 'create' ? -1 : Number(numbers.next().value) }))
          .toSorted((a, b) => a.at - b.at)
          .map(({ thing }) => thing)
        const other = insertedIn(shuffled)
        expect(thingsOf(other)).toHaveLength(thingsOf(log).length)
        expect(analyze(other)).toEqual(analyze(log))
      }),
      { numRuns: 300 },
    )
  })

  test('siblings have a total order, and so have paths', () => {
    fc.assert(
      fc.property(histories, (log) => {
        const epochs: Epoch[] = log[ARENA].nodes.flatMap((node) => node.epoch ?? [])
        for (const a of epochs)
          for (const b of epochs) {
            expect(betterPath(a, b)).toBe(betterPath(b, a))
            if (a !== b && a.parent === b.parent && a.parent !== undefined)
              expect(Math.sign(compareSiblings(a, b))).toBe(-Math.sign(compareSiblings(b, a)))
            for (const c of epochs) expect(betterPath(betterPath(a, b), c)).toBe(betterPath(a, betterPath(b, c)))
          }
      }),
      { numRuns: 100 },
    )
  })
})

describe('the cost of an honest history', () => {
  const LIMIT_MS = 1000

  test('a long line of things is not judged again with each of them', async () => {
    let { log } = begun('a1 a2', 'b1', 'c1', 'd1')
    const by = ['a1', 'a2', 'b1', 'c1', 'd1']
    for (let i = 0; i < 2000; i++) {
      const name = by[i % by.length] ?? 'a1'
      const body: Body =
        i % 12 === 0
          ? commitBody(log, name)
          : i % 15 === 0
            ? { kind: 'grant', device: device(`b${i}`) }
            : { kind: 'ack' }
      log = withThing(log, thingOn(log, name, body)).log
    }
    const things = thingsOf(log)
    insertedIn(things.slice(0, 500))
    let again = emptyLog()
    const inserting = async () => {
      again = insertedIn(things)
    }
    expect(await costOf(inserting, LIMIT_MS)).toBeLessThan(LIMIT_MS)
    expect(analyze(again)).toEqual(analyze(log))
  })
})
