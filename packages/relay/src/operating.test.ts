import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { lineLogger } from './logger.ts'
import { createRelay, type RelayNode } from './relay.ts'

const page = readFileSync(new URL('../../../docs/operating-a-relay.md', import.meta.url), 'utf8')
/** Those that only exist once they have been counted. */
const COUNTED = /_total$/

let directory: string
let relay: RelayNode
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'relay-'))
  relay = await createRelay({ directory, port: 0, logger: lineLogger(() => undefined) })
})
afterEach(async () => {
  await relay.stop()
  rmSync(directory, { recursive: true })
})

it("names a running relay's figures on the operator's page, all of them and no other", async () => {
  const text = await (await fetch(`${relay.health}/metrics`)).text()
  const served = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name ?? '')
  const named = [...page.matchAll(/^\| `(sotto_relay_\w+)` \|/gm)].map(([, name]) => name ?? '')
  const gauges = (names: readonly string[]): Set<string> => new Set(names.filter((name) => !COUNTED.test(name)))
  expect(gauges(named)).toEqual(gauges(served))
  expect(served.filter((name) => COUNTED.test(name) && !named.includes(name))).toEqual([])
})

it("names every file of the data folder on the operator's page", () => {
  const files = readdirSync(directory).map((file: string) => file.replace(/-(wal|shm)$/, ''))
  for (const file of new Set<string>(files)) expect(page).toContain(`| \`${file}\` |`)
  expect(files.length).toBeGreaterThan(1)
})
