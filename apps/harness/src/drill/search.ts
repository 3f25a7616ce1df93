import type { Pattern } from './patterns.ts'

/** A pattern that was found, and where first. */
export interface Find {
  readonly needle: string
  readonly form: string
  readonly where: string
  readonly at: number
}

const KEYS = 2 ** 24

/** Looks for many patterns in one pass: their first three bytes lead to the few that can be there. */
export class Search {
  /** At most one for each needle, form and place. */
  readonly finds: Find[] = []
  readonly patterns: number
  /** So many bytes of one piece must be seen again with the next one, so that nothing hides on the border. */
  readonly overlap: number
  readonly #mayBegin = new Uint8Array(KEYS / 8)
  readonly #byKey = new Map<number, Pattern[]>()
  readonly #seen = new Set<string>()

  constructor(patterns: readonly Pattern[]) {
    for (const pattern of patterns) {
      const [a = 0, b = 0, c = 0] = pattern.bytes
      const key = (a << 16) | (b << 8) | c
      this.#mayBegin[key >> 3] = (this.#mayBegin[key >> 3] ?? 0) | (1 << (key & 7))
      this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), pattern])
    }
    this.patterns = patterns.length
    this.overlap = Math.max(0, ...patterns.map(({ bytes }) => bytes.length)) - 1
  }

  /** `offset`: where in that place these bytes stand. */
  scan(bytes: Uint8Array, where: string, offset = 0): void {
    let key = 0
    for (let at = 0; at < bytes.length; at += 1) {
      key = ((key << 8) | (bytes[at] ?? 0)) & 0xffffff
      if (at >= 2 && ((this.#mayBegin[key >> 3] ?? 0) & (1 << (key & 7))) !== 0) {
        this.#compare(key, { bytes, at: at - 2, where, offset })
      }
    }
  }

  #compare(
    key: number,
    { bytes, at, where, offset }: { bytes: Uint8Array; at: number; where: string; offset: number },
  ): void {
    for (const pattern of this.#byKey.get(key) ?? []) {
      if (!standsAt(bytes, at, pattern.bytes)) continue
      const { needle, form } = pattern
      const name = JSON.stringify([needle, form, where])
      if (this.#seen.has(name)) continue
      this.#seen.add(name)
      this.finds.push({ needle, form, where, at: offset + at })
    }
  }
}

function standsAt(bytes: Uint8Array, at: number, pattern: Uint8Array): boolean {
  return at + pattern.length <= bytes.length && pattern.every((byte, index) => bytes[at + index] === byte)
}
