import type { ConversationState } from '@sotto/core'
import type { EpochId, ThingId } from '@sotto/interface'
import { describe, expect, test } from 'vitest'
import { account, create, device, id, introduced, thing } from '../../test/control-things.ts'
import { Control } from './control.ts'
import { returnedAmong } from './returned.ts'

const CLEO = { kind: 'add', account: account('cleo'), devices: [device('cleo')], acceptance: 'x' } as const
const add = thing('anna 2', 'anna', 2, CLEO, { deps: ['anna 1'], introduced: [introduced('cleo')], lamport: 2 })

/** What Anna's device knows of others: of whom it has seen. */
function annaKnows(...names: readonly string[]): { state: ConversationState } {
  const devices = names.map((name) => ({ device: device(name), past: undefined }))
  return { state: { self: device('anna'), devices } as unknown as ConversationState }
}

/** Of the leaves that are wanted, that of this one, if it counts as one that comes back. */
function isReturned(control: Control, name: string, ...seen: readonly string[]): boolean {
  const leaves = control.view.desired.filter((leaf) => leaf.device === device(name))
  expect(leaves).toHaveLength(1)
  return returnedAmong(annaKnows(...seen), control, leaves).length > 0
}

describe('who comes back', () => {
  test('is nobody who was granted twice and never in', () => {
    const grants = [1, 2].map((seq) =>
      thing(
        `cleo ${seq}`,
        'cleo',
        seq,
        { kind: 'grant', device: device('cleo b') },
        {
          ...(seq === 1 ? { deps: ['anna 2'] } : {}),
          introduced: [introduced('cleo b', 'cleo')],
          lamport: seq + 2,
        },
      ),
    )
    expect(isReturned(Control.empty.with([create, add, ...grants]), 'cleo b')).toBe(false)
  })

  test('is nobody who was added and granted itself before it was in', () => {
    const about = { deps: ['anna 2'], introduced: [introduced('cleo')], lamport: 3 }
    const itself = thing('cleo 1', 'cleo', 1, { kind: 'grant', device: device('cleo') }, about)
    expect(isReturned(Control.empty.with([create, add, itself]), 'cleo')).toBe(false)
  })

  test('is who was in by the path, and whom this device has seen, or cannot have', () => {
    const leaf = { device: device('cleo'), grant: id('anna 2') as ThingId }
    const body = { kind: 'commit', child: id('second') as EpochId, added: [leaf], removed: [] } as const
    const commit = thing('anna 3', 'anna', 3, body, { lamport: 3 })
    const about = { deps: ['anna 3'], introduced: [introduced('cleo')], lamport: 4 }
    const made = thing('cleo 1', 'cleo', 1, { kind: 'grant', device: device('cleo') }, about)
    const itself = { ...made, thing: { ...made.thing, epoch: id('second') as EpochId } }
    const control = Control.empty.with([create, add, commit, itself])
    expect(control.view.path).toEqual([id('first'), id('second')])
    expect(isReturned(control, 'cleo', 'cleo')).toBe(true)
    // A commit may name a leaf and leave it out: then nobody has seen it.
    expect(isReturned(control, 'cleo')).toBe(false)
  })
})
