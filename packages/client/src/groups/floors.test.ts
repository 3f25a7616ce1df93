import type { Body } from '@sotto/group'
import type { EpochId, ThingId } from '@sotto/interface'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Kept } from './control.ts'
import { floorOf, MAX_FLOOR_RISE } from './floors.ts'

type Entry = Pick<Kept, 'thing' | 'floor'>

const epoch = (name: string): EpochId => name as EpochId

function entry(id: string, body: object, parent: string, floor: number): Entry {
  const thing = { id: id as ThingId, epoch: epoch(parent), body: body as Body } as unknown as Kept['thing']
  return { thing, floor }
}

const begun = entry('a', { kind: 'create', child: epoch('0') }, '0', 0)

function commit(id: string, parent: string, child: string, floor: number): Entry {
  return entry(id, { kind: 'commit', child: epoch(child) }, parent, floor)
}

it('an epoch’s floor is what its commit says, not below its parent’s and not far above it', () => {
  const placed = [
    begun,
    commit('b', '0', '1', 10),
    commit('c', '1', '2', 4),
    commit('d', '2', '3', 4_294_967_295),
    commit('e', '3', '4', 20_000),
  ]
  const floors = ['0', '1', '2', '3', '4'].map((name) => floorOf({ placed }, epoch(name)))
  expect(floors).toEqual([0, 10, 10, 10 + MAX_FLOOR_RISE, 20_000])
})

it('of two things that lead to one epoch the lower id counts, whichever came first', () => {
  const [one, other] = [commit('x', '0', '1', 5), commit('y', '0', '1', 9)]
  for (const placed of [
    [begun, one, other],
    [begun, other, one],
  ])
    expect(floorOf({ placed }, epoch('1'))).toBe(5)
})

it('what no thing leads to has none, and what names itself as its own past is no trap', () => {
  const placed = [begun, commit('b', '2', '1', 7), commit('c', '1', '2', 3)]
  expect(floorOf({ placed }, epoch('9'))).toBeUndefined()
  expect(floorOf({ placed }, epoch('1'))).toBe(7)
  expect(floorOf(undefined, epoch('9'))).toBe(0)
})

it('no epoch’s floor is below its parent’s, and the order of asking changes nothing (seed 20261129)', () => {
  const log = fc.array(fc.record({ parent: fc.nat(8), floor: fc.nat(4_294_967_295) }), { minLength: 1, maxLength: 9 })
  fc.assert(
    fc.property(log, (commits) => {
      const entries = commits.map(({ parent, floor }, at) =>
        commit(`t${String(at)}`, String(Math.min(parent, at)), String(at + 1), floor),
      )
      const [first, second] = [{ placed: [begun, ...entries] }, { placed: [begun, ...entries.toReversed()] }]
      const names = Array.from({ length: commits.length + 1 }, (_, at) => String(at))
      const floors = names.map((name) => floorOf(first, epoch(name)))
      expect(names.toReversed().map((name) => floorOf(second, epoch(name)))).toEqual(floors.toReversed())
      for (const { thing, floor } of entries) {
        const [child, parent] = [floorOf(first, (thing.body as { child: EpochId }).child), floorOf(first, thing.epoch)]
        expect(child).toBe(Math.min(Math.max(floor, parent ?? 0), (parent ?? 0) + MAX_FLOOR_RISE))
      }
    }),
    { seed: 20_261_129 },
  )
})
