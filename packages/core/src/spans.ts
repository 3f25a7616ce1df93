import type { Span } from './state.ts'

/** Spans in order, those that touch made one. */
export function unite(spans: readonly Span[]): Span[] {
  const united: Span[] = []
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = united.at(-1)
    if (last !== undefined && span.from <= last.to + 1)
      united.splice(-1, 1, { from: last.from, to: Math.max(last.to, span.to) })
    else united.push(span)
  }
  return united
}

/** What is in `spans` and not in `others`; both in order and without overlaps. */
export function without(spans: readonly Span[], others: readonly Span[]): Span[] {
  return spans.flatMap((span) => {
    const rest: Span[] = []
    let { from } = span
    for (const other of others) {
      if (other.to < from || other.from > span.to) continue
      if (other.from > from) rest.push({ from, to: other.from - 1 })
      from = other.to + 1
    }
    return from <= span.to ? [...rest, { from, to: span.to }] : rest
  })
}

/** Whether all of `span` is in one of `spans`, which are united. */
export function covers(spans: readonly Span[], { from, to }: Span): boolean {
  return spans.some((span) => span.from <= from && to <= span.to)
}
