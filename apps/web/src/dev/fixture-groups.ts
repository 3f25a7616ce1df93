import type {
  AwaitedGroup,
  ConversationSnapshot,
  ConversationSummary,
  LineSnapshot,
  MemberSnapshot,
  RequestSnapshot,
  RowSnapshot,
} from '@sotto/client'
import type { AccountId, ConversationId, RequestId, ThingId } from '@sotto/interface'
import type { Handlers } from './fixture-client.ts'
import { ANA, BEN, busyWorld, conversation, ME, message } from './fixture-data.ts'
import type { World } from './fixture-data.ts'

export const GROUP = '6c'.repeat(32) as ConversationId
const EVE = 'e4'.repeat(32) as AccountId
const FAY = 'f5'.repeat(32) as AccountId
const HOUR = 3_600_000

/** The busy world with a group in which everything has happened, seen by its owner. */
export function groupWorld(now: number): World {
  const busy = busyWorld(now)
  const rows: readonly RowSnapshot[] = [
    line('created', ME, now - 9 * HOUR, { title: 'Hikers' }),
    line('added', ME, now - 8 * HOUR, { account: ANA }),
    line('added', ANA, now - 7 * HOUR, { account: BEN }),
    message(ANA, 'Where do we meet?', now - 6 * HOUR),
    message(ANA, 'And when?', now - 6 * HOUR + 60_000),
    message(BEN, 'At the station, at 8. The route: https://example.org/route', now - 5 * HOUR),
    line('renamed', ME, now - 4 * HOUR, { title: 'Weekend hikers' }),
    line('appointed', ME, now - 4 * HOUR, { account: ANA }),
    line('removed', ANA, now - 3 * HOUR, { account: EVE }),
    line('left', FAY, now - 3 * HOUR),
    { ...message(ME, 'I bring the tea', now - 2 * HOUR, 'delivered'), reached: { delivered: 2, read: 1, of: 2 } },
    { ...message(ME, 'And cake', now - HOUR, 'sent'), reached: { delivered: 1, read: 0, of: 2 } },
  ]
  const members: readonly MemberSnapshot[] = [
    { account: ME, name: 'Mira', role: 'owner' },
    { account: ANA, name: 'Ana Ruiz', role: 'admin' },
    { account: BEN, name: 'Ben Okafor', role: 'member' },
    { account: EVE, name: 'Eve', role: 'member', state: 'leaving' },
  ]
  const group = groupOf('Weekend hikers', { members, rows, role: 'owner' })
  return { ...busy, conversations: [...busy.conversations, group] }
}

export function groupRequest(name: string, title: string): RequestSnapshot {
  const id = '66'.repeat(32) as RequestId
  return { id, kind: 'group', account: ANA, name, message: '', title, receivedAt: Date.now() }
}

/** What became of {@link groupRequest}: a yes, or no chance to say it any more. */
export function awaitedGroup(
  { id, account, name, title = '' }: RequestSnapshot,
  state: AwaitedGroup['state'],
): AwaitedGroup {
  return { id, conversation: GROUP, account, name, title, state, at: Date.now() }
}

export function joinedGroup(title: string): ConversationSnapshot {
  const members = [
    { account: ANA, name: 'Ana Ruiz', role: 'owner' },
    { account: ME, name: 'Mira', role: 'member' },
  ] as const
  return groupOf(title, { members, rows: [line('added', ANA, Date.now(), { account: ME })], role: 'member' })
}

export function peerOf(room: ConversationSnapshot): AccountId {
  return room.peer ?? ANA
}

interface Rooms {
  put(room: ConversationSnapshot): void
  room(id: string): ConversationSnapshot
  rooms(): readonly ConversationSummary[]
}

export function groupHandlers({ put, room, rooms }: Rooms): Handlers {
  const say = (id: string, said: LineSnapshot, more: Partial<ConversationSnapshot> = {}) => {
    const before = room(id)
    put({ ...before, ...more, rows: [...before.rows, said], updatedAt: said.at })
  }
  const nameOf = (account: string) => rooms().find((one) => one.peer === account)?.title ?? account
  const without = (id: string, account: string) => room(id).members.filter((one) => one.account !== account)
  return {
    groupCreate: ({ title, members: accounts }) => {
      const invited = accounts.map((account) => ({ account: account as AccountId, name: nameOf(account) }))
      const members = [{ account: ME, name: 'Mira', role: 'owner' }] as const
      const rows = [line('created', ME, Date.now(), { title })]
      put({ ...groupOf(title, { members, rows, role: 'owner' }), invited })
      return { conversation: GROUP, invited: invited.map(({ account }) => account) }
    },
    groupAdd: ({ conversation: id, account }) => {
      const invited = [...room(id).invited, { account: account as AccountId, name: nameOf(account) }]
      put({ ...room(id), invited })
      return {}
    },
    groupRemove: ({ conversation: id, account }) => {
      const { invited } = room(id)
      if (invited.some((one) => one.account === account)) {
        put({ ...room(id), invited: invited.filter((one) => one.account !== account) })
        return {}
      }
      say(id, line('removed', ME, Date.now(), { account: account as AccountId }), { members: without(id, account) })
      return {}
    },
    groupRole: ({ conversation: id, account, role }) => {
      const members = room(id).members.map((one) => (one.account === account ? { ...one, role } : one))
      const word = role === 'admin' ? 'appointed' : 'demoted'
      say(id, line(word, ME, Date.now(), { account: account as AccountId }), { members })
      return {}
    },
    groupLeave: ({ conversation: id }) => {
      say(id, line('left', ME, Date.now()), { phase: 'ended', members: without(id, ME) })
      return {}
    },
    groupRename: ({ conversation: id, title }) => {
      say(id, line('renamed', ME, Date.now(), { title }), { title })
      return {}
    },
  }
}

function groupOf(
  title: string,
  { members, rows, role }: Pick<ConversationSnapshot, 'members' | 'rows' | 'role'>,
): ConversationSnapshot {
  const { peer: _peer, ...base } = conversation({ peer: ANA, name: title, rows })
  return { ...base, conversation: GROUP, kind: 'group', members, role }
}

let lines = 0

function line(what: LineSnapshot['line'], by: AccountId, at: number, more: Partial<LineSnapshot> = {}): LineSnapshot {
  lines += 1
  return { line: what, id: lines.toString(16).padStart(64, 'f') as ThingId, by, at, ...more }
}
