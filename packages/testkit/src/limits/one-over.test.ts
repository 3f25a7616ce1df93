import { readFileSync } from 'node:fs'

import type { Decoded } from '@sotto/interface'
import * as wire from '@sotto/wire'
import { describe, expect, test } from 'vitest'

import { withItems, withNumbers } from './grow.ts'

const ROOT = new URL('../../../../', import.meta.url)
const vectors = JSON.parse(readFileSync(new URL('spec/vectors/messages.json', ROOT), 'utf8')) as {
  valid: { message: string; name: string; hex: string }[]
}

const ID = new Uint8Array(32).fill(7)

/** Each list that a peer may send, by the fields that lead to it in its message. */
const LISTS: readonly (readonly [
  limit: string,
  message: string,
  path: readonly number[],
  item?: 'numbers' | Uint8Array,
])[] = [
  ['MAX_DEPS', 'EventHeader', [6]],
  ['MAX_MENTIONS', 'TextBody', [3]],
  ['MAX_RELAYS', 'RelaysBody', [1]],
  ['MAX_SEAL_EVENTS', 'Seal', [1]],
  ['MAX_KNOCK_ITEMS', 'Inner', [6, 2]],
  ['MAX_RELAYS', 'Inner', [6, 3]],
  ['MAX_DEVICES', 'Receipt', [4]],
  ['MAX_LACKING', 'Receipt', [7], ID],
  ['MAX_OFFER_ADDRESSES', 'PathOffer', [3]],
  ['MAX_CHAIN_CERTIFICATES', 'DeviceChain', [1]],
  ['MAX_RELAYS', 'InvitationLink', [2]],
  ['MAX_INVITATION_USES', 'InvitationBody', [3]],
  ['MAX_HELLO_CLAIMS', 'HelloInit', [1]],
  ['MAX_AUTHS', 'Request', [3]],
  ['MAX_GET_ENTRIES', 'Operation', [4, 2], 'numbers'],
  ['MAX_SUBSCRIBED_MAILBOXES', 'Operation', [5, 1]],
  ['MAX_SUBSCRIBED_MAILBOXES', 'Operation', [6, 1]],
  ['MAX_WRITE_KEYS', 'MailboxParameters', [3]],
  ['MAX_LISTING_ENTRIES', 'ServerFrame', [2, 4, 1]],
  ['MAX_GET_ENTRIES', 'ServerFrame', [2, 5, 1]],
  ['MAX_FOUNDERS', 'ControlThing', [10, 3]],
  ['MAX_ACCOUNT_DEVICES', 'ControlThing', [10, 3, 1]],
  ['MAX_CONTROL_DEPS', 'ControlThing', [5]],
  ['MAX_CONTROL_LEAVES', 'ControlThing', [19, 2]],
  ['MAX_CONTROL_LEAVES', 'ControlThing', [19, 3], Uint8Array.from([0x0a, 32, ...ID, 0x12, 32, ...ID])],
  ['MAX_ACCOUNT_DEVICES', 'ControlAttachment', [1], ID],
  ['MAX_ACCOUNT_DEVICES', 'Acceptance', [3]],
  ['MAX_DEVICES', 'LogHeads', [1]],
  ['MAX_ACCOUNT_DEVICES', 'GroupAcceptBody', [2]],
  ['MAX_BUNDLE_THINGS', 'WelcomeBundle', [2]],
  ['MAX_RELAYS', 'DeviceCode', [2]],
  ['MAX_READ_MARKS', 'SelfReadBody', [2]],
  ['MAX_SERVED_EVENTS', 'ServedEvents', [1]],
]

/** Bytes of hex in pieces with spaces between, where `PIECE*N` stands for N times that piece. */
function unhex(text: string): Uint8Array {
  const pieces = text.split(' ').map((piece) => {
    const [hex = '', times = '1'] = piece.split('*')
    return hex.repeat(Number(times))
  })
  return Uint8Array.from(Buffer.from(pieces.join(''), 'hex'))
}

function decode(message: string, bytes: Uint8Array): Decoded<unknown> {
  const decoders = wire as unknown as Record<string, (bytes: Uint8Array) => Decoded<unknown>>
  const decoder = decoders[`decode${message}`]
  if (decoder === undefined) throw new Error(`Nobody decodes a ${message}.`)
  return decoder(bytes)
}

/** That message with so many items, grown from a valid one that has some. */
function grown([, message, path, item]: (typeof LISTS)[number], count: number): Uint8Array {
  for (const { message: of, hex } of vectors.valid) {
    if (of !== message) continue
    try {
      if (item === 'numbers') return withNumbers(unhex(hex), path, count)
      return withItems(unhex(hex), path, count, item)
    } catch (error) {
      // The next one may have that list.
      if (!(error instanceof RangeError)) throw error
    }
  }
  throw new Error(`No valid ${message} has a list at ${path.join('.')}.`)
}

describe('a list', () => {
  test.each(LISTS.map((list) => [`${list[1]} ${list[2].join('.')}`, list[0], list] as const))(
    'of %s has %s items at most',
    (_where, limit, list) => {
      const max = (wire as unknown as Record<string, number>)[limit] ?? 0
      expect(max).toBeGreaterThan(0)
      // The same item twice may be against another rule, and the largest lists may be too large; but that many they may be.
      expect(decode(list[1], grown(list, max))).not.toMatchObject({ reason: 'too-many' })
      expect(decode(list[1], grown(list, max + 1))).toEqual({ ok: false, reason: 'too-many' })
    },
  )
})

test('every limit on a number of things that LIMITS.md names for the wire is one of a list here, or of something else that is named', () => {
  const [, section = ''] = readFileSync(new URL('LIMITS.md', ROOT), 'utf8').split(/^## On the wire$/m)
  const names = [...(section.split(/^## /m, 1)[0]?.matchAll(/^\| `(MAX_\w+)` \|/gm) ?? [])].map(
    ([, name]) => name ?? '',
  )
  const counts = names.filter((name) => !/_(BYTES|MS|BITS|CHARACTERS)$/.test(name))
  const elsewhere = [
    'MAX_RECORDS', // of all lists together: packages/wire/src/decoders.test.ts
    'MAX_FETCH_EVENTS', // between two numbers
    'MAX_START', // a number itself
    'MAX_WELCOME_PARTS', // a number
    'MAX_BACK_PARTS', // a number
    'MAX_PACKED_THINGS', // of all entries together: packages/wire/src/packed-log.test.ts
  ]
  expect([...new Set([...LISTS.map(([limit]) => limit), ...elsewhere])].toSorted()).toEqual(counts.toSorted())
})
