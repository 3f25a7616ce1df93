/** What a value read from JSON must be to stand for a T. `pick` gives it with all fields in one order. */
export interface Shape<T> {
  check(value: unknown): value is T
  pick(value: T): T
}

/** One shape for each field; fields that may be undefined are left out of the JSON then. */
type Fields<T> = { readonly [K in keyof T]-?: Shape<T[K]> }

function leaf<T>(check: (value: unknown) => boolean): Shape<T> {
  return { check: (value): value is T => check(value), pick: (value) => value }
}

/** A whole number that is not negative. */
export const count: Shape<number> = leaf((value) => Number.isSafeInteger(value) && Number(value) >= 0)

/** Milliseconds since 1970; fractions and times before are somebody's clock. */
export const time: Shape<number> = leaf((value) => Number.isFinite(value))

export const flag: Shape<boolean> = leaf((value) => typeof value === 'boolean')

export function text<T extends string>(most: number): Shape<T> {
  return leaf((value) => typeof value === 'string' && value.length <= most)
}

export function oneOf<T extends string>(...words: readonly T[]): Shape<T> {
  return leaf((value) => words.some((word) => word === value))
}

/** Lower-case hex of that many bytes. */
export function hex<T extends string>(bytes: number): Shape<T> {
  return leaf((value) => typeof value === 'string' && value.length === 2 * bytes && /^[0-9a-f]*$/.test(value))
}

/** The same, or empty. */
export function hexOrNone<T extends string>(bytes: number): Shape<T | ''> {
  const some = hex(bytes)
  return leaf((value) => value === '' || some.check(value))
}

/** Lower-case hex of at most that many bytes. */
export function hexUpTo(bytes: number): Shape<string> {
  return leaf((value) => typeof value === 'string' && value.length <= 2 * bytes && /^(?:[0-9a-f]{2})*$/.test(value))
}

export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return {
    check: (value): value is T | undefined => value === undefined || shape.check(value),
    pick: (value) => (value === undefined ? undefined : shape.pick(value)),
  }
}

export function list<T>(most: number, shape: Shape<T>): Shape<readonly T[]> {
  return {
    check: (value): value is readonly T[] =>
      Array.isArray(value) && value.length <= most && value.every((item) => shape.check(item)),
    pick: (value) => value.map((item) => shape.pick(item)),
  }
}

/** An object with these fields and no others, for which `whole` holds. */
export function object<T extends object>(fields: Fields<T>, whole: (value: T) => boolean = () => true): Shape<T> {
  const shapes: [string, Shape<unknown>][] = Object.entries(fields)
  return {
    check: (value): value is T => {
      if (!isRecord(value) || Object.keys(value).some((name) => !Object.hasOwn(fields, name))) return false
      return shapes.every(([name, shape]) => shape.check(value[name])) && whole(value as T)
    },
    pick: (value) => {
      // Every step of a conversation passes here with all of its state: no lists and maps on the way.
      const read = value as Record<string, unknown>
      const picked: Record<string, unknown> = {}
      for (const [name, shape] of shapes) picked[name] = shape.pick(read[name])
      return picked as T
    },
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
