import { expect, test } from 'vitest'
import { analyze } from './analyze.ts'
import type { ControlLog } from './control-log.ts'
import { remove } from './fixtures/bodies.ts'
import { account, begun, committed, device, joined, said } from './fixtures/builder.ts'
import { stuckOn } from './fixtures/saying.ts'
import { MAX_ACCOUNTS, MAX_CHANGED_LEAVES, MAX_WANTED_LEAVES } from './limits.ts'

/** The log after somebody added accounts of so many devices each. */
function grown(log: ControlLog, by: string, from: number, to: number, devices: number): ControlLog {
  let all = log
  for (let i = from; i < to; i++) {
    const names = Array.from({ length: devices }, (_, k) => device(`x${i}y${k}`))
    all = said(all, by, { kind: 'add', account: account(`x${i}y`), devices: names, acceptance: `yes ${i}` })
  }
  return all
}

test('a conversation has at most 256 accounts', () => {
  const log = grown(begun('a1').log, 'a1', 0, 260, 1)
  expect(analyze(log).accounts).toHaveLength(MAX_ACCOUNTS)
})

test('a commit changes at most 256 leaves, the next one the rest', () => {
  const log = grown(begun('a1').log, 'a1', 0, 45, 8)
  const once = committed(log, 'a1')
  expect(analyze(once).tree).toHaveLength(1 + MAX_CHANGED_LEAVES)
  const twice = committed(once, 'a1')
  expect(analyze(twice).tree).toHaveLength(1 + 45 * 8)
  expect(analyze(twice).path).toHaveLength(3)
})

test('while more go than fit into one commit, none come', () => {
  const log = grown(begun('a1').log, 'a1', 0, 40, 8)
  let all = committed(committed(log, 'a1'), 'a1')
  for (let i = 0; i < 40; i++) all = said(all, 'a1', remove(`x${i}y`))
  const next = committed(
    said(all, 'a1', { kind: 'add', account: account('z'), devices: [device('z1')], acceptance: 'z' }),
    'a1',
  )
  expect(analyze(next).tree).toHaveLength(1 + 40 * 8 - MAX_CHANGED_LEAVES)
  expect(analyze(committed(next, 'a1')).tree.map((leaf) => leaf.device)).toEqual(['a1', 'z1'])
})

test('accounts that a commit had no room to take out have no voice in its tree', () => {
  const log = grown(begun('a1', 'b1', 'c1').log, 'a1', 0, 33, 8)
  let all = committed(committed(log, 'a1'), 'a1')
  for (let i = 0; i < 33; i++) all = said(all, 'a1', remove(`x${i}y`))
  const next = committed(all, 'a1')
  expect(analyze(next).tree).toHaveLength(3 + 33 * 8 - MAX_CHANGED_LEAVES)
  const complained = said(next, 'b1', stuckOn(next))
  expect(analyze(complained).tip).toBe(analyze(next).tip)
  expect(analyze(said(complained, 'c1', stuckOn(next))).tip).toBe(analyze(all).tip)
})

test('of more than 512 leaves those that were granted first are wanted', () => {
  const { log } = begun('a1', 'b1')
  const ruled = said(log, 'a1', { kind: 'appoint', account: account('b') })
  const both = joined(grown(ruled, 'a1', 0, 40, 8), grown(ruled, 'b1', 100, 140, 8))
  const { desired } = analyze(both)
  expect(desired).toHaveLength(MAX_WANTED_LEAVES)
  expect(desired.filter((leaf) => leaf.device === 'x0y0' || leaf.device === 'x100y0')).toHaveLength(2)
  expect(desired.some((leaf) => leaf.device === 'x39y7' || leaf.device === 'x139y7')).toBe(false)
})
