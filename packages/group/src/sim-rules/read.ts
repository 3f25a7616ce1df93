import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { emptyLog, withThing } from '../rules/control-log.ts'
import type { Thing } from '../rules/thing.ts'
import { meaningFor, type Meaning } from './meaning.ts'

/** Vectors of `spec/vectors`: histories, and what each means. */
export interface Vectors {
  readonly cases: readonly { readonly name: string; readonly things: readonly Thing[]; readonly means: Meaning }[]
}

export function casesIn(path: string): Vectors['cases'] {
  // A file of ours, which nothing else is said to be.
  return (JSON.parse(readFileSync(path, 'utf8')) as Vectors).cases
}

/** Names of the histories in a file that mean something else to these rules than it says. */
export function differing(path: string): readonly string[] {
  return casesIn(path).flatMap(({ name, things, means }) => {
    const log = things.reduce((all, thing) => withThing(all, thing).log, emptyLog())
    return isDeepStrictEqual({ ...meaningFor(log) }, means) ? [] : [name]
  })
}
