import type { MemberSnapshot, RequestSnapshot } from '@sotto/client'
import type { AccountId, ConversationId, RequestId } from '@sotto/interface'
import { conversation, ME, message, newWorld } from './fixture-data.ts'
import type { World } from './fixture-data.ts'

const LONG = '11'.repeat(32) as AccountId
const LAYLA = '22'.repeat(32) as AccountId
const FLAGS = '33'.repeat(32) as AccountId
const WIDE = '44'.repeat(32) as ConversationId
const MINUTE = 60_000

/** 64 characters without a place to break. */
export const LONG_NAME = 'Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenh'
export const LONG_TITLE = 'Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbe'

/** What fits badly: names without spaces, other directions of writing, long texts, signs made of several. */
export function oddWorld(now: number): World {
  const lines = Array.from({ length: 40 }, (_, index) => `Line ${index + 1} of forty`).join('\n')
  const long = conversation({
    peer: LONG,
    name: LONG_NAME,
    rows: [
      message(LONG, lines, now - 9 * MINUTE),
      message(ME, 'a'.repeat(300), now - 8 * MINUTE, 'delivered'),
      message(LONG, `https://example.org/${'path'.repeat(60)}`, now - 7 * MINUTE),
      message(ME, '👍', now - 6 * MINUTE, 'read'),
      message(LONG, '👩‍👩‍👧‍👦 🏳️‍🌈 🇨🇭 e\u0301', now - 5 * MINUTE),
      message(ME, lines, now - 4 * MINUTE, 'sent'),
    ],
    more: { unread: 3, verified: true, connection: 'relayed' },
  })
  const layla = conversation({
    peer: LAYLA,
    name: 'ليلى حسن',
    rows: [
      message(LAYLA, 'مرحبا، كيف حالك؟ نلتقي الساعة 6 عند https://example.org/map غدا.', now - 30 * MINUTE),
      message(ME, 'שלום! אני מגיע ב-18:30.', now - 29 * MINUTE, 'read'),
      message(LAYLA, 'OK, see you — «إن شاء الله» (at 6).', now - 28 * MINUTE),
    ],
  })
  const flags = conversation({
    peer: FLAGS,
    name: '👩‍👩‍👧‍👦 Familie',
    rows: [message(FLAGS, '🎉🎉🎉', now - 40 * MINUTE)],
    more: { connection: 'none' },
  })
  const members: readonly MemberSnapshot[] = [
    { account: ME, name: 'Mira', role: 'owner' },
    { account: LONG, name: LONG_NAME, role: 'admin' },
    { account: LAYLA, name: 'ليلى حسن', role: 'member' },
    { account: FLAGS, name: '👩‍👩‍👧‍👦 Familie', role: 'member' },
  ]
  const { peer: _peer, ...base } = conversation({
    peer: LONG,
    name: LONG_TITLE,
    rows: [
      message(LONG, 'Short', now - 20 * MINUTE),
      message(LAYLA, 'نعم', now - 19 * MINUTE),
      { ...message(ME, 'ok', now - 18 * MINUTE, 'sent'), reached: { delivered: 1, read: 0, of: 3 } },
    ],
  })
  const group = { ...base, conversation: WIDE, kind: 'group', members, role: 'owner' } as const
  const { client } = newWorld('Mira')
  return { client: { ...client, requests: [oddRequest(now)] }, conversations: [long, layla, flags, group] }
}

function oddRequest(now: number): RequestSnapshot {
  return {
    id: '55'.repeat(32) as RequestId,
    kind: 'contact',
    account: '66'.repeat(32) as AccountId,
    name: LONG_NAME.split('').reverse().join(''),
    message: 'x'.repeat(200),
    receivedAt: now - MINUTE,
  }
}
