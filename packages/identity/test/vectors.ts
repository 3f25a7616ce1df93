import { readFileSync } from 'node:fs'

/** A file of `spec/vectors`: cases that every implementation accepts, and cases that it refuses. */
export interface Vectors<Valid, Invalid> {
  readonly about: string
  readonly valid: readonly Valid[]
  readonly invalid: readonly Invalid[]
}

export function vectors<Valid, Invalid, More = unknown>(name: string): Vectors<Valid, Invalid> & More {
  const file = new URL(`../../../spec/vectors/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')) as Vectors<Valid, Invalid> & More
}
