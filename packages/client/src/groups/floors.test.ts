import type { EpochId } from '@sotto/interface'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { floorOf, MAX_FLOOR_RISE, type Path } from './floors.ts'

/** A path from the first epoch on, and what each commit says. */
function pathOf(said: readonly (number | undefined)[]): Path {
  const epoch = (at: number): EpochId => String(at) as EpochId
  const floors = new Map(said.map((saidFloor, at) => [epoch(at), saidFloor]))
  return {
    view: { path: said.map((_, at) => epoch(at)) },
    commitTo(child) {
      const saidFloor = floors.get(child)
      return saidFloor === undefined ? undefined : { saidFloor }
    },
  }
}

function floors(path: Path): (number | undefined)[] {
  return path.view.path.map((epochId) => floorOf(path, epochId))
}

it('an epoch’s floor is what its commit says, not below its parent’s and not far above it', () => {
  const said = [undefined, 10, 4, 4_294_967_295, 20_000]
  expect(floors(pathOf(said))).toEqual([0, 10, 10, 10 + MAX_FLOOR_RISE, 20_000])
})

it('what is not on the path has none, and without a control log all have 0', () => {
  expect(floorOf(pathOf([undefined, 7]), 'elsewhere' as EpochId)).toBeUndefined()
  expect(floorOf(undefined, 'elsewhere' as EpochId)).toBe(0)
})

it('no floor is below the one before, nor more above it than one may rise (seed 20261129)', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(4_294_967_295), { minLength: 1, maxLength: 40 }), (said) => {
      const all = floors(pathOf([undefined, ...said]))
      for (const [at, floor = NaN] of all.entries()) {
        const before = all[at - 1] ?? 0
        expect(floor).toBe(Math.min(Math.max(before, said[at - 1] ?? 0), before + MAX_FLOOR_RISE))
      }
    }),
    { seed: 20_261_129 },
  )
})
