import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Line } from './program.ts'

/** A shape of `docs/json.md`: what a value must be. Answers what is wrong with it, in a few words. */
export type Shape = (value: unknown) => string | undefined

const DOCUMENT = fileURLToPath(new URL('../../docs/json.md', import.meta.url))

const isText = (pattern: RegExp): Shape => {
  return (value) =>
    typeof value === 'string' && pattern.test(value) ? undefined : `${String(value)} is not ${pattern}`
}
const isA = (type: string): Shape => {
  return (value) => (typeof value === type ? undefined : `${String(value)} is no ${type}`)
}

const WORDS: Readonly<Record<string, Shape>> = {
  id: isText(/^[0-9a-f]{64}$/),
  id16: isText(/^[0-9a-f]{32}$/),
  time: isText(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  text: isA('string'),
  number: isA('number'),
  bool: isA('boolean'),
  true: (value) => (value === true ? undefined : `${String(value)} is not true`),
}

/** The shapes in the document's tables, by what stands in the first column; a row of several names has one entry for each. */
export function documented(): ReadonlyMap<string, readonly Shape[]> {
  const shapes = new Map<string, readonly Shape[]>()
  for (const line of readFileSync(DOCUMENT, 'utf8').split('\n')) {
    const [, names = '', said = ''] = line.replaceAll('\\|', '\u0000').split('|')
    const found = [...said.matchAll(/`(\{.*?\})`/g)].map(([, shape = '']) => parse(shape.replaceAll('\u0000', '|')))
    for (const [, name = ''] of found.length === 0 ? [] : names.matchAll(/`([^`]+)`/g)) shapes.set(name, found)
  }
  return shapes
}

/** Why no one of these shapes fits, or undefined. */
export function misfit(shapes: readonly Shape[], line: Line): string | undefined {
  const wrong = shapes.map((shape) => shape(line))
  return wrong.includes(undefined) ? undefined : `${JSON.stringify(line)}: ${wrong.join('; ')}`
}

function parse(text: string): Shape {
  let rest = text
  const eat = (pattern: RegExp): string | undefined => {
    const [found] = pattern.exec(rest) ?? []
    if (found !== undefined) rest = rest.slice(found.length)
    return found
  }
  const value = (): Shape => {
    if (eat(/^\{/) !== undefined) return object()
    if (eat(/^\[/) !== undefined) return list()
    const allowed: string[] = []
    for (let one = eat(/^"[^"]*"/); one !== undefined; one = eat(/^\|/) && eat(/^"[^"]*"/)) allowed.push(one)
    if (allowed.length > 0)
      return (given) =>
        allowed.includes(JSON.stringify(given)) ? undefined : `${String(given)} is not one of ${allowed.join()}`
    const word = eat(/^\w+/)
    const shape = WORDS[word ?? '']
    if (shape === undefined) throw new Error(`Not understood: ${rest} in ${text}`)
    return shape
  }
  const list = (): Shape => {
    const entry = value()
    eat(/^\]/)
    return (given) => (Array.isArray(given) ? given.map(entry).find((wrong) => wrong !== undefined) : 'no list')
  }
  const object = (): Shape => {
    const fields = new Map<string, { shape: Shape; mayMiss: boolean }>()
    while (eat(/^\}/) === undefined) {
      const name = eat(/^"\w+"/)
      if (name === undefined) throw new Error(`Not understood: ${rest} in ${text}`)
      const mayMiss = eat(/^\?/) !== undefined
      eat(/^:/)
      fields.set(name.slice(1, -1), { shape: value(), mayMiss })
      eat(/^,/)
    }
    return (given) => objectMisfit(fields, given)
  }
  return value()
}

function objectMisfit(
  fields: ReadonlyMap<string, { shape: Shape; mayMiss: boolean }>,
  given: unknown,
): string | undefined {
  if (typeof given !== 'object' || given === null) return 'no object'
  const entries = new Map<string, unknown>(Object.entries(given))
  for (const name of entries.keys()) if (!fields.has(name)) return `${name} is not documented`
  for (const [name, { shape, mayMiss }] of fields) {
    if (!entries.has(name) && mayMiss) continue
    const wrong = entries.has(name) ? shape(entries.get(name)) : 'is missing'
    if (wrong !== undefined) return `${name}: ${wrong}`
  }
  return undefined
}
