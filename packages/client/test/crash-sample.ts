import { seededRandom, type FaultPoint } from '@sotto/testkit'

/** Reads of the own store: a death there leaves what a death at the next call leaves, if nothing else is under way. */
function isRead({ call }: FaultPoint): boolean {
  return ['store.get', 'store.list', 'store.listBy', 'store.search'].includes(call)
}

/** Some of the points, by seed: `count` where something changes or is asked of others, and a third as many reads. */
export function sample(points: readonly FaultPoint[], seed: string, count: number): readonly FaultPoint[] {
  const random = seededRandom(seed)
  const drawn = points.map((point) => ({ point, lot: random.integer(2 ** 32) })).toSorted((a, b) => a.lot - b.lot)
  const chosen = drawn.map(({ point }) => point)
  return [
    ...chosen.filter((point) => !isRead(point)).slice(0, count),
    ...chosen.filter(isRead).slice(0, Math.ceil(count / 3)),
  ]
}
