import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import type { Search } from './search.ts'

/** A part of a process's memory that can be read. */
interface Region {
  readonly start: number
  readonly end: number
  readonly name: string
}

const PIECE_BYTES = 64 * 1024
/** What memory that was never used reads as; most of what a process has asked for. */
const ZEROS = Buffer.alloc(2 * PIECE_BYTES)

/** Scans all memory of a (stopped) process that can be read, and answers how many bytes that was. Linux; needs to be its parent or root. */
export function scanMemory(pid: number, search: Search): number {
  const memory = openSync(`/proc/${pid}/mem`, 'r')
  try {
    return regionsOf(pid).reduce((sum, region) => sum + scanRegion(memory, region, search), 0)
  } finally {
    closeSync(memory)
  }
}

function scanRegion(memory: number, { start, end, name }: Region, search: Search): number {
  const buffer = Buffer.allocUnsafe(PIECE_BYTES + search.overlap)
  let scanned = 0
  for (let at = start; at < end; at += PIECE_BYTES) {
    const read = readAt(memory, buffer, at, Math.min(buffer.length, end - at))
    const piece = buffer.subarray(0, read)
    if (!piece.equals(ZEROS.subarray(0, read))) search.scan(piece, `memory ${name}`, at)
    scanned += Math.min(read, PIECE_BYTES)
  }
  return scanned
}

/** How many bytes could be read; some regions (of devices, say) give none. */
function readAt(memory: number, buffer: Buffer, at: number, length: number): number {
  try {
    return readSync(memory, buffer, 0, length, at)
  } catch {
    return 0
  }
}

function regionsOf(pid: number): Region[] {
  const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').trim().split('\n')
  return lines.flatMap((line): Region[] => {
    const [range = '', access = '', , , , ...name] = line.split(/ +/)
    const [start = 0, end = 0] = range.split('-').map((address) => Number.parseInt(address, 16))
    const isOurs = access.startsWith('r') && end <= Number.MAX_SAFE_INTEGER
    return isOurs ? [{ start, end, name: name.join(' ') }] : []
  })
}
