import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromString } from 'uint8arrays'
import type { RelayPeer } from '../peers/relay.ts'
import { scanMemory } from './process-memory.ts'
import type { Search } from './search.ts'

/** How many bytes were searched. */
export interface Searched {
  readonly memoryBytes: number
  readonly diskBytes: number
  readonly logBytes: number
}

/** Searches everything that whoever seizes a running relay gets: its folder, its logs and its memory. It must have been stopped. */
export function searchRelay({ data, logs, program }: RelayPeer, search: Search): Searched {
  const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const diskBytes = sum(files.map((entry) => searchFile(join(entry.parentPath, entry.name), search)))
  search.scan(fromString(JSON.stringify(program.lines)), 'standard output')
  return {
    memoryBytes: scanMemory(program.pid, search),
    diskBytes,
    logBytes: sum(logs.map((log) => searchFile(log, search))),
  }
}

function searchFile(path: string, search: Search): number {
  const bytes = readFileSync(path)
  search.scan(bytes, path)
  return bytes.length
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
