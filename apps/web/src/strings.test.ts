import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const src = fileURLToPath(new URL('.', import.meta.url))
const files = globSync('**/*-strings.ts', { cwd: src })
const code = globSync('**/*.{ts,tsx}', { cwd: src })
  .filter((file) => !files.includes(file) && !file.endsWith('.test.ts'))
  .map((file) => readFileSync(src + file, 'utf8'))
  .join('\n')

/** Every sentence with its name: `inviteStrings.states.used`. */
async function sentences(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  const walk = (name: string, value: unknown) => {
    if (typeof value !== 'object' || value === null) return void found.set(name, String(value))
    for (const [key, part] of Object.entries(value)) walk(`${name}.${key}`, part)
  }
  for (const file of files)
    for (const [name, all] of Object.entries((await import(src + file)) as object)) walk(name, all)
  return found
}

test('every sentence is said somewhere', async () => {
  const all = await sentences()
  expect(all.size).toBeGreaterThan(250)
  // Of what is chosen by a state or a name (`states[state]`), the list is named.
  const isUsed = (name: string) => code.includes(name) || code.includes(name.replace(/\.[^.]+$/, ''))
  const ofAList = (name: string) => name.split('.').length > 2
  const unused = [...all.keys()].filter(
    (name) => !(ofAList(name) ? isUsed(name) : new RegExp(`\\b${name}\\b`).test(code)),
  )
  expect(unused).toEqual([])
})

test('no sentence stands in two places', async () => {
  const places = new Map<string, string[]>()
  for (const [name, sentence] of await sentences()) places.set(sentence, [...(places.get(sentence) ?? []), name])
  expect([...places.values()].filter((names) => names.length > 1)).toEqual([])
})
