import type { EventId } from '@sotto/interface'
import {
  bodyHash,
  decodeSeal,
  decodeSealStatement,
  encodeEventHeader,
  encodeSeal,
  encodeTextBody,
  fromHex,
  merklePath,
  merkleRoot,
  SEAL,
  type Seal,
} from '@sotto/wire'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { Author } from '../test/author.ts'
import { accountOf, CONVERSATION, deviceOf, EPOCH, SIGNATURE } from '../test/ids.ts'
import { Dice } from '../test/random.ts'
import {
  batchOf,
  checkProof,
  checkSeal,
  decodeProof,
  encodeProof,
  readBody,
  sealProofs,
  sealStatement,
  textOf,
} from './index.ts'
import { merklePaths } from './merkle-paths.ts'

const context = { conversation: CONVERSATION, epochId: EPOCH, sender: deviceOf('alice') }
const ids = (count: number): EventId[] =>
  Array.from({ length: count }, (_, at) => deviceOf(`${at}`) as string as EventId)

function sealOf(count: number): { seal: Seal; alice: Author } {
  const alice = new Author('alice', ['alice', 'bob'])
  for (let at = 0; at < count; at++) alice.compose(`message ${at}`)
  const decoded = decodeSeal(encodeSeal({ events: [...alice.rows.values()], signature: SIGNATURE }))
  if (!decoded.ok) throw new Error(decoded.reason)
  return { seal: decoded.value, alice }
}

describe('a seal', () => {
  it('is signed over conversation, epoch, device, count and root, after its label', () => {
    const statement = sealStatement(context, ids(3))
    expect(statement[0]).toBe(SEAL.length)
    const body = statement.slice(1 + SEAL.length + 4)
    const decoded = decodeSealStatement(body)
    expect(decoded).toMatchObject({ ok: true, value: { count: 3, device: fromHex(deviceOf('alice')) } })
    expect(decoded.ok && decoded.value.root).toEqual(merkleRoot(ids(3).map((id) => fromHex(id))))
  })

  it('passes with the events that its device composed', () => {
    const { seal, alice } = sealOf(5)
    const checked = checkSeal(context, seal)
    expect(checked).toMatchObject({ ok: true })
    if (!checked.ok) return
    const eventIds = [...alice.rows.values()].map(({ eventId }) => eventId)
    expect(checked.value.events.map(({ eventId }) => eventId)).toEqual(eventIds)
    expect(checked.value.statement).toEqual(sealStatement(context, eventIds))
  })

  it('is refused from another sender, for another conversation, with another body, with holes', () => {
    const { seal } = sealOf(3)
    const reason = (...[where, what]: Parameters<typeof checkSeal>): string => {
      const checked = checkSeal(where, what)
      return checked.ok ? 'ok' : checked.reason
    }
    const [first, second, third] = seal.events
    if (first === undefined || second === undefined || third === undefined) throw new Error('A seal of three.')
    expect(reason({ ...context, sender: deviceOf('bob') }, seal)).toBe('wrong-sender')
    expect(reason({ ...context, conversation: accountOf('x') as string as typeof CONVERSATION }, seal)).toBe(
      'wrong-conversation',
    )
    expect(reason(context, { ...seal, events: [{ ...first, body: encodeTextBody({ text: 'other' }) }] })).toBe(
      'wrong-body',
    )
    expect(reason(context, { ...seal, events: [{ ...first, salt: new Uint8Array(32).fill(200) }] })).toBe('wrong-body')
    expect(reason(context, { ...seal, events: [first, third] })).toBe('not-consecutive')
    expect(reason(context, { ...seal, events: [second, first] })).toBe('not-consecutive')
    expect(reason(context, { ...seal, events: [first, first] })).toBe('not-consecutive')
    expect(reason(context, { ...seal, events: [] })).toBe('not-consecutive')
    expect(reason(context, { ...seal, events: [{ ...first, header: new Uint8Array([1]) }] })).toBe('bad-header')
  })

  it.each([
    ['itself', 'alice', 'bob'],
    ['one device twice', 'bob', 'bob'],
  ])('is refused when an event names %s', (_, one, other) => {
    const salt = new Uint8Array(32)
    const body = encodeTextBody({ text: 'x' })
    const deps = [one, other].map((name) => ({ device: fromHex(deviceOf(name)), seq: 1, eventId: fromHex(EPOCH) }))
    const fields = { conversation: fromHex(CONVERSATION), epochId: fromHex(EPOCH), device: fromHex(deviceOf('alice')) }
    const header = encodeEventHeader({
      ...fields,
      seq: 1,
      deps,
      lamport: 2,
      kind: 'text',
      bodyHash: bodyHash(salt, body),
    })
    const decoded = decodeSeal(encodeSeal({ events: [{ header, salt, body }], signature: SIGNATURE }))
    expect(decoded.ok && checkSeal(context, decoded.value)).toEqual({ ok: false, reason: 'bad-deps' })
  })

  it('keeps nothing of the plaintext that it was decoded from', () => {
    const { seal } = sealOf(1)
    const checked = checkSeal(context, seal)
    const [event] = checked.ok ? checked.value.events : []
    expect(event?.body.buffer.byteLength).toBe(event?.body.length)
  })
})

describe('the proof of one event', () => {
  it.each([1, 2, 3, 5, 8, 100, 256])('holds for each of %d events, without the others', (count) => {
    const { seal, alice } = sealOf(count)
    const checked = checkSeal(context, seal)
    if (!checked.ok) throw new Error(checked.reason)
    for (const { header, proof, eventId } of checked.value.events) {
      expect(checkProof(header, proof)).toEqual({
        ok: true,
        value: {
          eventId,
          conversation: CONVERSATION,
          device: deviceOf('alice'),
          statement: checked.value.statement,
          signature: SIGNATURE,
        },
      })
    }
    const eventIds = [...alice.rows.values()].map(({ eventId }) => eventId)
    expect(sealProofs(EPOCH, eventIds, SIGNATURE)).toEqual(checked.value.events.map(({ proof }) => proof))
  })

  it('has the paths that the tree has', () => {
    for (const count of [1, 2, 3, 7, 64, 65]) {
      const leaves = ids(count).map((id) => fromHex(id))
      expect(merklePaths(leaves)).toEqual(leaves.map((_, at) => merklePath(leaves, at)))
    }
  })

  it('does not hold for another event, another place or another root', () => {
    const { seal } = sealOf(4)
    const checked = checkSeal(context, seal)
    if (!checked.ok) throw new Error(checked.reason)
    const [first, second] = checked.value.events
    if (first === undefined || second === undefined) throw new Error('A seal of four.')
    expect(checkProof(second.header, first.proof)).toEqual({ ok: false, reason: 'wrong-path' })
    const decoded = decodeProof(first.proof)
    if (!decoded.ok) throw new Error(decoded.reason)
    for (const change of [{ index: 1 }, { count: 9 }, { count: 0 }, { root: fromHex(EPOCH) }, { path: [] }]) {
      const altered = encodeProof({ ...decoded.value, ...change })
      expect(checkProof(first.header, altered)).toEqual({ ok: false, reason: 'wrong-path' })
    }
  })

  it('names the count that was signed: with another one the signature is over something else', () => {
    const { seal } = sealOf(4)
    const checked = checkSeal(context, seal)
    const [first] = checked.ok ? checked.value.events : []
    const decoded = decodeProof(first?.proof ?? new Uint8Array())
    if (first === undefined || !decoded.ok) throw new Error('A seal of four.')
    const other = checkProof(first.header, encodeProof({ ...decoded.value, count: 3 }))
    expect(other.ok && other.value.statement).not.toEqual(checked.ok && checked.value.statement)
  })

  it('is read back as it was, and everything else is refused (seed 20261125)', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        const decoded = decodeProof(bytes)
        if (decoded.ok) expect(encodeProof(decoded.value)).toEqual(bytes)
        const checked = checkProof(bytes, bytes)
        expect(checked.ok).toBe(false)
      }),
      { seed: 20_261_125 },
    )
    const dice = new Dice(1)
    for (let length = 0; length < 400; length++) {
      const bytes = Uint8Array.from([1, ...dice.bytes(length)])
      const decoded = decodeProof(bytes)
      expect(decoded.ok).toBe(length >= 132 && (length - 132) % 32 === 0 && length <= 132 + 8 * 32)
      if (decoded.ok) expect(encodeProof(decoded.value)).toEqual(bytes)
    }
  })
})

describe('a batch', () => {
  const row = (bytes: number): { header: Uint8Array; body: Uint8Array } => ({
    header: new Uint8Array(300),
    body: new Uint8Array(bytes),
  })

  it('has at most 256 events and fits into a seal', () => {
    expect(batchOf([])).toEqual([])
    expect(batchOf(Array.from({ length: 300 }, () => row(10)))).toHaveLength(256)
    const large = batchOf(Array.from({ length: 300 }, () => row(32_768)))
    const events = large.map(({ header, body }) => ({ header, body, salt: new Uint8Array(32) }))
    expect(large.length).toBeGreaterThan(20)
    expect(() => encodeSeal({ events, signature: SIGNATURE })).not.toThrow()
  })
})

describe('bodies', () => {
  it('are read by kind; unknown and unreadable ones are kept apart and show nothing', () => {
    const text = encodeTextBody({ text: 'hello' })
    expect(readBody('text', text)).toMatchObject({ kind: 'text', text: 'hello' })
    expect(textOf('text', text)).toBe('hello')
    expect(readBody('reaction', text)).toEqual({ kind: 'unknown' })
    expect(textOf('reaction', text)).toBe('')
    expect(readBody('text', new Uint8Array([255]))).toEqual({ kind: 'unreadable' })
    expect(textOf('text', new Uint8Array([255]))).toBe('')
    expect(readBody('profile', new Uint8Array())).toEqual({ kind: 'unreadable' })
    expect(readBody('relays', new Uint8Array())).toEqual({ kind: 'unreadable' })
  })

  it('of unknown kinds are stored and acknowledged like all others', () => {
    const [alice, bob] = [new Author('alice', ['alice', 'bob']), new Author('bob', ['alice', 'bob'])]
    const salt = new Uint8Array(32)
    alice.apply({ type: 'compose', kind: 'from-the-future', body: new Uint8Array([1, 2, 3]), salt, now: 1 })
    alice.compose('after it')
    bob.open('alice', alice.seal())
    expect([...bob.rows.values()].map(({ kind, shown, text }) => [kind, shown, text])).toEqual([
      ['from-the-future', 1, ''],
      ['text', 1, 'after it'],
    ])
  })
})
