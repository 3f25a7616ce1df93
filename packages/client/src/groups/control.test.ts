import { expect, test } from 'vitest'
import { account, create, device, introduced, thing } from '../../test/control-things.ts'
import { Control, type Kept } from './control.ts'
import { MAX_ATTACHED } from './log-space.ts'

test('a thing that came before whoever introduces its author waits for it, whatever the order', () => {
  const grant = thing(
    'ben 1',
    'ben',
    1,
    { kind: 'grant', device: device('ben 2') },
    { deps: ['anna 1'], introduced: [introduced('ben 2', 'ben')] },
  )
  const word = thing('ben 2 1', 'ben 2', 1, { kind: 'ack' }, { deps: ['ben 1'] })
  for (const order of [
    [create, grant, word],
    [word, grant, create],
    [grant, word, create],
    [word, create, grant],
  ]) {
    const control = order.reduce((log, next) => log.with([next]), Control.empty)
    expect(control.isWhole).toBe(true)
    expect(control.log.size).toBe(3)
    expect(control.accountOf(device('ben 2'))).toBe(account('ben'))
    expect(Control.empty.with(order).log.size).toBe(3)
  }
})

test("a grant of another account's device brings nobody in, and introduces nobody", () => {
  const grant = thing(
    'ben 1',
    'ben',
    1,
    { kind: 'grant', device: device('dora') },
    { deps: ['anna 1'], introduced: [introduced('dora')] },
  )
  const control = Control.empty.with([create]).with([grant])
  expect(control.log.size).toBe(1)
  expect(control.isWhole).toBe(true)
  expect(control.kept.has(grant.thing.id)).toBe(false)
  expect(control.accountOf(device('dora'))).toBeUndefined()
  expect(control.view.desired.map((leaf) => leaf.device)).not.toContain(device('dora'))
})

test('what waits for something that is not here goes to no newcomer: it would keep the others from being read', () => {
  const lost = thing('ben 2', 'ben', 2, { kind: 'ack' }, { deps: ['anna 1'] })
  const unknown = thing('eve 1', 'eve', 1, { kind: 'ack' }, { deps: ['anna 1'] })
  const control = Control.empty.with([create, lost, unknown])
  expect(control.placed).toEqual([create])
  expect(control.isWhole).toBe(false)
  expect(Control.empty.with(control.placed).isWhole).toBe(true)
})

test('the same things again are the same log', () => {
  const control = Control.empty.with([create])
  expect(control.with([create])).toBe(control)
  expect(control.with([{ ...create, attachment: new Uint8Array([1]) }])).not.toBe(control)
})

/** A log in which Anna has said as much as one account may: what does not pack is used up by few. */
function crowded(): Control {
  let control = Control.empty.with([create])
  for (let seq = 2; ; seq += 1) {
    const next = rename(`anna ${String(seq)}`, seq)
    if (control.payerOf(next) === undefined) return control
    control = control.with([next])
  }
}

function rename(name: string, seq: number): Kept {
  const kept = thing(name, 'anna', seq, { kind: 'rename', title: name }, {})
  return { ...kept, record: { ...kept.record, body: new Uint8Array(32_768) } }
}

test("who has said as much as there is room for is heard no further; others are, and what others' things stand on", () => {
  const control = crowded()
  const own = control.placed.length
  expect(own).toBeGreaterThan(10)
  const beyond = rename(`anna ${String(own + 1)}`, own + 1)
  expect(control.payerOf(beyond)).toBeUndefined()
  const word = thing('ben 1', 'ben', 1, { kind: 'ack' }, { deps: [`anna ${String(own + 1)}`] })
  expect(control.payerOf(word)).toBe(account('ben'))
  // Ben has taken it, and stands on it: his space is used for it now.
  const waiting = control.with([word], account('ben'))
  expect(waiting.payerOf(beyond)).toBe(account('ben'))
  const after = waiting.with([beyond], account('ben'))
  expect(after.placed).toHaveLength(own + 2)
  const further = [1, 2, 3, 4].map((at) => own + 1 + at)
  let last = after
  for (const seq of further) {
    const more = rename(`anna ${String(seq)}`, seq)
    const named = thing(`ben ${String(seq)}`, 'ben', seq - own, { kind: 'ack' }, { deps: [`anna ${String(seq)}`] })
    last = last.with([named], account('ben'))
    const payer = last.payerOf(more)
    if (payer !== undefined && payer !== 'unknown') last = last.with([more], payer)
  }
  // Not only on what is named: on all that this stands on.
  const [first, second] = [own + 1, own + 2].map((seq) => rename(`anna ${String(seq)}`, seq))
  if (first === undefined || second === undefined) throw new Error('no things')
  const far = control.with([thing('ben 1', 'ben', 1, { kind: 'ack' }, { deps: [`anna ${String(own + 2)}`] }), second])
  expect(far.payerOf(first)).toBe(account('ben'))
  // Who stands on more and more of it comes to the end of their own.
  expect(last.payerOf(rename('anna 99', 99))).toBeUndefined()
})

test('what devices attach that nobody has introduced is bounded too', () => {
  const attachment = new Uint8Array(MAX_ATTACHED / 2)
  const [one, two, three] = ['x', 'y', 'z'].map((name) => ({
    ...thing(`${name} 1`, name, 1, { kind: 'ack' }, { deps: ['anna 1'] }),
    attachment,
  }))
  if (one === undefined || two === undefined || three === undefined) throw new Error('no things')
  const control = Control.empty.with([create, one])
  expect(control.payerOf(two)).toBe('unknown')
  expect(control.with([two]).payerOf(three)).toBeUndefined()
})
