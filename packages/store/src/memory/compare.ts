import type { Cell } from '@sotto/interface'

/** Orders two cells of one column as SQLite does: numbers by value, text by the bytes of its UTF-8, ids as text. */
export function compareCells(a: Cell, b: Cell): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  throw new TypeError('only numbers and text have an order')
}

/** Orders lists of cells by their first difference, over the cells that both have. */
export function compareKeys(a: readonly Cell[], b: readonly Cell[]): number {
  const shared = Math.min(a.length, b.length)
  for (let at = 0; at < shared; at += 1) {
    const order = compareCells(a[at] ?? null, b[at] ?? null)
    if (order !== 0) return order
  }
  return 0
}

/** UTF-8 sorts by code point; JavaScript's `<` puts the surrogates of later code points before U+E000 to U+FFFF. */
function compareText(a: string, b: string): number {
  const shared = Math.min(a.length, b.length)
  for (let at = 0; at < shared; at += 1) {
    const left = a.charCodeAt(at)
    const right = b.charCodeAt(at)
    if (left !== right) return codePointRank(left) - codePointRank(right)
  }
  return a.length - b.length
}

function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
