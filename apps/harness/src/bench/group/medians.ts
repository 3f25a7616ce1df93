/** The median, in thousandths; NaN of nothing. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return thousandths(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN)
}

/** How many times as much the one is as the other. */
export function ratioOf(one: number, other: number): number {
  return Math.round((one / other) * 100) / 100
}

function thousandths(value: number): number {
  return Math.round(value * 1_000) / 1_000
}
