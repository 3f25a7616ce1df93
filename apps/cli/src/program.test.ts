import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runCommand } from './program.ts'

let home: string
let errors: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sotto-cli-'))
  errors = ''
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    errors += String(text)
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(home, { recursive: true, force: true })
})

const run = (...words: string[]): Promise<number> => runCommand(['--home', join(home, 'store'), ...words])

test('wrong usage is refused by name, with status 2', async () => {
  expect(await run('send', 'a', 'b', '--wiat', 'sent')).toBe(2)
  expect(errors).toContain("'--wiat'")
  expect(await run('sned', 'a')).toBe(2)
  expect(errors).toContain("'sned'")
  expect(await run('send', 'a')).toBe(2)
  expect(errors).toContain("'text'")
  expect(await run('send', 'a', 'b', '--wait', 'seen')).toBe(2)
  expect(await run('sync', '--timeout', 'soon')).toBe(2)
  expect(errors).toContain('a duration such as 30s')
  expect(await run('invite', '--uses', '21')).toBe(2)
  expect(errors).toContain('from 1 to 20')
})

test('what is not built yet says so, with status 2', async () => {
  expect(await run('report', 'x')).toBe(2)
  expect(errors).toContain('not available yet')
  expect(await run('send', 'a', 'b', '--file', 'c')).toBe(2)
  expect(errors).toContain('Sending files is not available yet')
})

test('a home that is not set up, a bad address and a bad phrase each get a sentence, with status 1', async () => {
  expect(await run('conversations')).toBe(1)
  expect(errors).toContain('Run `sotto init --name NAME` first')
  expect(await run('init', '--name', 'Ann', '--relay', 'somewhere')).toBe(1)
  expect(errors).toContain('A relay address looks like')
  expect(await run('init', '--name', ' ')).toBe(1)
  expect(errors).toContain('A name has 1 to 64 characters')
})

test('settings are shown, and changed where they are named', async () => {
  const lines: string[] = []
  vi.spyOn(await import('./output.ts'), 'createOutput').mockImplementation(() => ({
    isJson: true,
    answer: (value) => void lines.push(JSON.stringify(value)),
    rows: () => {},
  }))
  expect(await run('init', '--name', 'Ann')).toBe(0)
  expect(await run('settings', '--relays-only', 'on', '--name', 'Anna')).toBe(0)
  expect(await run('settings')).toBe(0)
  expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ name: 'Anna', relays: [], relaysOnly: true })
  expect(await run('settings', '--relay', 'nowhere')).toBe(1)
  expect(errors).toContain('This is not the address of a relay')
})

test('an existing home is not set up again, and what is not there is said to be not there', async () => {
  expect(await run('init', '--name', 'Ann', '--json')).toBe(0)
  expect(await run('init', '--name', 'Ann')).toBe(1)
  expect(errors).toContain('already set up here')
  for (const words of [
    ['messages', 'x'],
    ['read', 'x'],
    ['safety', 'x'],
    ['send', 'x', 'y', '--wait', 'queued'],
  ]) {
    expect(await run(...words)).toBe(1)
  }
  expect(errors).toContain('There is no such conversation here')
  expect(await run('accept', 'x')).toBe(1)
  expect(errors).toContain('There is no such request here')
  expect(await run('invite')).toBe(1)
  expect(errors).toContain('No relay is set up')
})

test('a group needs a title, its roles are two words, and whoever is no contact cannot be invited', async () => {
  expect(await run('group')).toBe(2)
  expect(await run('group', 'create')).toBe(2)
  expect(await run('group', 'role', 'a', 'b', 'owner')).toBe(2)
  expect(await run('group', 'destroy', 'a')).toBe(2)
})
