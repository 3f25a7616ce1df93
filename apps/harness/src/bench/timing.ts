/** What a series of measurements says, in milliseconds with two decimals. */
export interface Timing {
  readonly p50: number
  readonly p99: number
}

/** Takes `count` measurements one after the other, after a tenth of that to warm up. `now`: milliseconds. */
export async function measure(
  count: number,
  once: (at: number) => Promise<unknown>,
  now: () => number = () => performance.now(),
): Promise<Timing> {
  const warmUp = Math.ceil(count / 10)
  const taken: number[] = []
  for (let at = 0; at < warmUp + count; at += 1) {
    const began = now()
    await once(at)
    if (at >= warmUp) taken.push(now() - began)
  }
  const sorted = taken.toSorted((a, b) => a - b)
  const quantile = (share: number): number => round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0)
  return { p50: quantile(0.5), p99: quantile(0.99) }
}

export function round(value: number): number {
  return Math.round(value * 100) / 100
}
