import { existsSync } from 'node:fs'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { KINDS } from './kinds.ts'
import { runFile, vectorFiles } from './run.ts'

/** Beside the repository: the files are the MLS working group's, not ours to publish. */
const DIRECTORY = join(import.meta.dirname, '../../../../../shared/vectors/mls')
const isThere = existsSync(DIRECTORY)
/** These take longer than all others: one in so many here, all of them by `npm run vectors`. */
const SAMPLED: Readonly<Record<string, number>> = { 'treekem.json': 24, 'passive-client-welcome.json': 8 }
if (!isThere) console.warn(`NOT RUN: the official MLS vectors, because there is no folder ${DIRECTORY}`)

test('all sixteen kinds are known', () => {
  expect(Object.keys(KINDS)).toHaveLength(16)
})

describe.skipIf(!isThere)('the official vectors pass', async () => {
  const files = isThere ? await vectorFiles(DIRECTORY) : { known: [], unknown: [] }
  test('every file in the folder is of a known kind', () => {
    expect(files.unknown).toEqual([])
    expect(files.known.length).toBeGreaterThan(0)
  })
  test.for(files.known)('%s', async (file) => {
    const { failures, passed, total } = await runFile(DIRECTORY, file, { every: SAMPLED[file] ?? 1 })
    expect(failures).toEqual([])
    expect(passed).toBe(total)
  })
})

describe.skipIf(!isThere)('a vector that was changed fails', () => {
  const changed = [
    ['key-schedule.json', 'epoch_authenticator'],
    ['psk_secret.json', 'psk_secret'],
    ['transcript-hashes.json', 'interim_transcript_hash_after'],
    ['welcome.json', 'signer_pub'],
    ['tree-operations.json', 'tree_hash_after'],
  ] as const
  test.for(changed)('%s: %s', async ([file, field]) => {
    const directory = await mkdtemp(join(tmpdir(), 'sotto-vectors-'))
    const [first] = JSON.parse(await readFile(join(DIRECTORY, file), 'utf8')) as unknown[]
    const text = JSON.stringify([first])
    // The last digit of the field's last value.
    const at = text.lastIndexOf('"', text.indexOf('"', text.lastIndexOf(`"${field}":"`) + field.length + 4))
    const digit = text[at - 1] === '0' ? '1' : '0'
    await writeFile(join(directory, file), text.slice(0, at - 1) + digit + text.slice(at))
    expect(await runFile(directory, file)).toMatchObject({ passed: 0, total: 1 })
  })
})

test('a file that is no list of vectors counts as failed, and so does an entry without its fields', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sotto-vectors-'))
  await writeFile(join(directory, 'welcome.json'), '{"a":1}')
  await writeFile(join(directory, 'treekem.json'), '[{}]')
  expect(await runFile(directory, 'welcome.json')).toMatchObject({ passed: 0, total: 1 })
  expect(await runFile(directory, 'treekem.json')).toMatchObject({ passed: 0, total: 1 })
})
