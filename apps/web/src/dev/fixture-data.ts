import type {
  ClientSnapshot,
  ConversationSnapshot,
  GapSnapshot,
  MessageSnapshot,
  OwnState,
  PeerState,
  RowSnapshot,
} from '@sotto/client'
import type { AccountId, ConversationId, DeviceId, EventId, RelayId, RequestId } from '@sotto/interface'

export const ME = 'a0'.repeat(32) as AccountId
export const MY_DEVICE = 'f0'.repeat(32) as DeviceId
export const ANA = 'b1'.repeat(32) as AccountId
export const BEN = 'c2'.repeat(32) as AccountId
const CHI = 'd3'.repeat(32) as AccountId
const HOUR = 3_600_000

let counter = 0

export function message(
  author: AccountId,
  text: string,
  sentAt: number,
  state: OwnState | PeerState = 'read',
): MessageSnapshot {
  counter += 1
  return { id: counter.toString(16).padStart(64, '0') as EventId, author, own: author === ME, text, sentAt, state }
}

export interface ConversationParts {
  readonly peer: AccountId
  readonly name: string
  readonly rows: readonly RowSnapshot[]
  readonly more?: Partial<ConversationSnapshot>
}

export function conversation({ peer, name, rows, more }: ConversationParts): ConversationSnapshot {
  const last = rows.filter((row): row is MessageSnapshot => 'text' in row).at(-1)
  return {
    conversation: peer.replace(/../g, 'e$&').slice(0, 64) as ConversationId,
    kind: 'pair',
    title: name,
    phase: 'active',
    members: [
      { account: ME, name: 'Mira', role: 'member' },
      { account: peer, name, role: 'member' },
    ],
    role: 'member',
    invited: [],
    rekeying: false,
    peer,
    verified: false,
    unread: 0,
    connection: 'direct',
    ...(last && { last }),
    updatedAt: last?.sentAt ?? Date.now(),
    rows,
    hasOlder: false,
    former: [],
    ...more,
  }
}

export interface World {
  readonly client: ClientSnapshot
  readonly conversations: readonly ConversationSnapshot[]
}

/** A client nobody has used yet. */
export function newWorld(name: string): World {
  return {
    client: {
      self: { account: ME, device: MY_DEVICE, name, retired: false },
      online: true,
      relays: [
        {
          relay: '12D3KooWFixtureRelay' as RelayId,
          address: '/ip4/127.0.0.1/tcp/4781/ws/p2p/12D3KooWFixtureRelay',
          reachable: true,
        },
      ],
      requests: [],
      awaited: [],
      conversations: [],
      invitations: [],
      waiting: [],
    },
    conversations: [],
  }
}

/** Three conversations in all the states that a reader can meet, and one request. */
export function busyWorld(now: number): World {
  const base = newWorld('Mira')
  const conversations = [
    conversation({ peer: ANA, name: 'Ana Ruiz', rows: anaRows(now), more: { unread: 2, verified: true } }),
    conversation({
      peer: BEN,
      name: 'Ben Okafor',
      rows: [
        message(BEN, 'I am off to the mountains, back on Friday.', now - 30 * HOUR),
        message(ME, 'Enjoy! Tell me about the weather up there when you are back.', now - 29 * HOUR, 'sent'),
        message(ME, 'And the hut keys are under the stone.', now - 28 * HOUR, 'sent'),
      ],
      more: { connection: 'relayed' },
    }),
    conversation({
      peer: CHI,
      name: 'Chinwe',
      rows: [
        message(CHI, 'See you next week', now - 80 * HOUR),
        message(ME, 'Sent when I am back online', now - 70 * HOUR, 'queued'),
      ],
      more: { connection: 'none' },
    }),
  ]
  const request = {
    id: '77'.repeat(32) as RequestId,
    kind: 'contact',
    account: 'ee'.repeat(32) as AccountId,
    name: 'Dora Klein',
    message: 'Hi Mira, we met at the book club on Tuesday. This is me!',
    receivedAt: now - HOUR,
  } as const
  const waiting = [{ waiting: 2, for: BEN, because: 'Ben’s device has not been seen since yesterday.' }]
  return { client: { ...base.client, requests: [request], waiting }, conversations }
}

/** One conversation of many messages, with older ones to fetch. */
export function longWorld(now: number): World {
  const rows = Array.from({ length: 200 }, (_, index) =>
    message(index % 3 === 0 ? ME : ANA, `Message ${index}`, now - (200 - index) * 60_000),
  )
  return {
    client: newWorld('Mira').client,
    conversations: [conversation({ peer: ANA, name: 'Ana Ruiz', rows, more: { hasOlder: true } })],
  }
}

function anaRows(now: number): (MessageSnapshot | GapSnapshot)[] {
  return [
    message(ANA, 'Did the relay at your place survive the storm?', now - 26 * HOUR),
    message(ME, 'It did, and the messages queued while I was away came through in order.', now - 25 * HOUR),
    message(ME, 'Not one of them was lost.', now - 25 * HOUR + 60_000),
    { missing: 2, author: ANA },
    message(ANA, 'Great. I am walking past the bakery, do you want anything?', now - 30 * 60_000, 'read'),
    message(
      ME,
      'A rye loaf, please. https://example.org/a-very-long-address-that-must-not-push-the-bubble-over-the-edge',
      now - 20 * 60_000,
    ),
    message(ME, 'Meet at 6?', now - 12 * 60_000, 'delivered'),
    message(ME, 'Or a little later, as you like', now - 11 * 60_000, 'sent'),
    message(ANA, 'Perfect, see you at 6 ✌️', now - 4 * 60_000, 'received'),
    message(
      ANA,
      'I will bring the map, or look at https://example.org/map?zoom=3 (the hut is marked)',
      now - 3 * 60_000,
      'received',
    ),
    message(ME, 'On my way', now - 2 * 60_000, 'queued'),
  ]
}
