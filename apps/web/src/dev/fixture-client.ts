import type {
  Answer,
  Ask,
  Client,
  ClientSnapshot,
  ConversationSnapshot,
  Fact,
  IntentName,
  MessageSnapshot,
} from '@sotto/client'
import { SottoError } from '@sotto/interface'
import type { AccountId, ConversationId, InvitationId, RequestId } from '@sotto/interface'
import { writableStore } from '../client/writable-store.ts'
import type { WritableStore } from '../client/writable-store.ts'
import { conversation, ME, message } from './fixture-data.ts'
import { awaitedGroup, GROUP, groupHandlers, groupRequest, joinedGroup, peerOf } from './fixture-groups.ts'
import { settingsHandlers } from './fixture-settings.ts'
import type { World } from './fixture-data.ts'

/** The account of whatever words. */
const RESTORED = 'b5'.repeat(32) as AccountId
const WEEK = 7 * 86_400_000

/** What a view test can make happen from outside. */
export interface FixtureHandle {
  /** The next call of that intent fails with that sentence. */
  fail(name: IntentName, sentence: string): void
  /** That intent is carried out, and never answered. */
  hold(name: IntentName): void
  /** A hello, by the newest invitation if there is one. */
  request(name: string, text: string): void
  /** An invitation into a group; and what follows once it was accepted. */
  inviteIntoGroup(name: string, title: string): void
  letIn(title: string): void
  /** It is taken back, answered or not. */
  takeBack(): void
  /** The group waits for new keys, or does not any more. */
  rekey(rekeying: boolean): void
  receive(text: string): void
  /** The last own message of the first conversation reaches that state. */
  reach(state: 'sent' | 'delivered' | 'read'): void
  change(change: (client: ClientSnapshot) => ClientSnapshot): void
  notice(text: string): void
  /** The keys of all sends, in their order. */
  readonly keys: readonly string[]
  readonly stopped: boolean
}

export type Handlers = { readonly [N in IntentName]?: (ask: Ask<N>) => Answer<N> }

/** A client without a network: for looking at the views and clicking them through, never shipped. */
export function fixtureClient(world: World, hangs: boolean): { client: Client; handle: FixtureHandle } {
  const rooms = new Map<ConversationId, WritableStore<ConversationSnapshot>>()
  const snapshot = writableStore<ClientSnapshot>(world.client)
  const listeners = new Set<(fact: Fact) => void>()
  const failures = new Map<IntentName, string>()
  const held = new Set<IntentName>()
  let stopLinking = (_why: SottoError): void => undefined
  const keys: string[] = []
  let stopped = false
  let asked = 0

  const patch = (part: Partial<ClientSnapshot>) => snapshot.set({ ...snapshot.get(), ...part })
  const tell = (fact: Fact) => listeners.forEach((listener) => listener(fact))
  const publish = () => patch({ conversations: [...rooms.values()].map((room) => room.get()) })
  const put = (room: ConversationSnapshot) => {
    const known = rooms.get(room.conversation)
    if (known) known.set(room)
    else rooms.set(room.conversation, writableStore(room))
    publish()
  }
  const room = (id: string) => {
    const found = rooms.get(id as ConversationId)
    if (!found) throw new SottoError('unknown-conversation', 'There is no such conversation on this device.')
    return found.get()
  }
  const add = (to: ConversationSnapshot, row: MessageSnapshot, unread: number) =>
    put({ ...to, rows: [...to.rows, row], last: row, updatedAt: row.sentAt, unread: to.unread + unread })
  world.conversations.forEach(put)

  const handlers: Handlers = {
    deviceLinkStop: () => {
      stopLinking(new SottoError('link-stopped', 'Linking was stopped, and the new device is not linked.'))
      return {}
    },
    rename: ({ name }) => {
      patch({ self: { ...snapshot.get().self, name } })
      return {}
    },
    restore: ({ name, phrase }) => {
      if (phrase.trim().split(/\s+/).length !== 24)
        throw new SottoError('bad-phrase', 'These are not the 24 recovery words.')
      patch({ self: { ...snapshot.get().self, name, account: RESTORED } })
      return {}
    },
    ...settingsHandlers(),
    ...groupHandlers({ put, room, rooms: () => snapshot.get().conversations }),
    invite: ({ uses = 1, base = 'sotto:' }) => {
      asked += 1
      const invitation = asked.toString(16).padStart(32, '0') as InvitationId
      const link = `${base}#i=${'Qm9va0NsdWJPblR1ZXNkYXlz'.repeat(6)}${asked}`
      const expires = Date.now() + WEEK
      patch({
        invitations: [
          { invitation, link, expires, uses, used: 0, hellos: 0, state: 'open' },
          ...snapshot.get().invitations,
        ],
      })
      return { invitation, link, uses, expires: new Date(expires).toISOString() }
    },
    revoke: ({ id }) => {
      patch({
        invitations: snapshot
          .get()
          .invitations.map((one) => (one.invitation === id ? { ...one, state: 'revoked' as const } : one)),
      })
      return {}
    },
    preview: ({ link }) => {
      if (!link.includes('#i='))
        throw new SottoError('bad-link', 'This is no invitation link of Sotto. Copy the whole link and try again.')
      if (link.includes('own')) return { inviter: 'Mira', account: ME, expires: Date.now() + WEEK }
      return { inviter: 'Ana Ruiz', account: 'b1'.repeat(32) as AccountId, expires: Date.now() + WEEK }
    },
    join: ({ message: text }) => {
      const rows = text ? [message(ME, text, Date.now(), 'sent')] : []
      const peer = 'b1'.repeat(32) as AccountId
      const joined = conversation({ peer, name: 'Ana Ruiz', rows, more: { phase: 'requested', connection: 'relayed' } })
      put(joined)
      return { conversation: joined.conversation, state: 'requested', inviter: 'Ana Ruiz' }
    },
    accept: ({ id }) => {
      const request = snapshot.get().requests.find((one) => one.id === id)
      if (!request) throw new SottoError('unknown-request', 'This request is not there any more.')
      patch({ requests: snapshot.get().requests.filter((one) => one.id !== id) })
      // Somebody else has to let us in: `letIn` does.
      if (request.kind === 'group') {
        patch({ awaited: [awaitedGroup(request, 'waiting')] })
        return { conversation: GROUP }
      }
      const rows = [message(request.account, request.message, request.receivedAt, 'received')]
      const made = conversation({ peer: request.account, name: request.name, rows })
      put(made)
      return { conversation: made.conversation }
    },
    decline: ({ id }) => {
      const { requests, awaited } = snapshot.get()
      patch({ requests: requests.filter((one) => one.id !== id), awaited: awaited.filter((one) => one.id !== id) })
      return {}
    },
    block: ({ account }) => {
      patch({ requests: snapshot.get().requests.filter((one) => one.account !== account) })
      const known = snapshot.get().conversations.filter((one) => one.peer === account)
      for (const { conversation } of known) put({ ...room(conversation), phase: 'ended' })
      return {}
    },
    send: ({ conversation: id, text, ...more }) => {
      if ('once' in more) keys.push(String(more.once))
      const row = message(ME, text, Date.now(), 'queued')
      add(room(id), row, 0)
      return { message: row.id, state: 'queued', reached: true }
    },
    read: ({ conversation: id }) => {
      put({ ...room(id), unread: 0 })
      return {}
    },
    older: ({ conversation: id }) => {
      const before = room(id)
      const first = before.rows.find((row): row is MessageSnapshot => 'text' in row)?.sentAt ?? Date.now()
      const rows = Array.from({ length: 200 }, (_, index) =>
        message(peerOf(before), `Earlier message ${index}`, first - (200 - index) * 60_000),
      )
      put({ ...before, rows: [...rows, ...before.rows], hasOlder: false })
      return {}
    },
    safety: ({ conversation: id }) => ({
      account: peerOf(room(id)),
      safetyNumber: '482139001755620119843027684511077336210955418203917746080213',
      verified: room(id).verified,
    }),
    verify: ({ account }) => {
      for (const store of rooms.values()) if (store.get().peer === account) put({ ...store.get(), verified: true })
      return { account: account as AccountId, safetyNumber: '', verified: true }
    },
  }

  const client: Client = {
    snapshot,
    conversation: (id) => {
      const found = rooms.get(id)
      if (!found) throw new Error('the fixture has no such conversation')
      return found
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async do(name, ask) {
      const failure = failures.get(name)
      failures.delete(name)
      if (failure !== undefined) throw new SottoError('fixture', failure)
      const handler = handlers[name]
      if (!handler) throw new SottoError('fixture', `The fixture does not know ${name}.`)
      const answer = handler(ask)
      if (held.has(name)) await new Promise((_, reject) => name === 'deviceLink' && (stopLinking = reject))
      return answer
    },
    async start() {},
    async stop() {
      if (hangs) await new Promise(() => undefined)
      stopped = true
    },
  }

  const first = () => {
    const [store] = rooms.values()
    if (!store) throw new Error('the fixture has no conversation yet')
    return store.get()
  }
  const handle: FixtureHandle = {
    fail: (name, sentence) => failures.set(name, sentence),
    hold: (name) => held.add(name),
    request(name, text) {
      const account = '9a'.repeat(32) as AccountId
      const request = {
        id: '88'.repeat(32) as RequestId,
        kind: 'contact',
        account,
        name,
        message: text,
        receivedAt: Date.now(),
      } as const
      const { requests, invitations } = snapshot.get()
      const [newest, ...older] = invitations
      const used = newest ? [{ ...newest, hellos: newest.hellos + 1 }, ...older] : []
      patch({ requests: [...requests, request], invitations: used })
      tell({ type: 'request', request })
    },
    inviteIntoGroup(name, title) {
      const request = groupRequest(name, title)
      patch({ requests: [...snapshot.get().requests, request] })
      tell({ type: 'request', request })
    },
    letIn(title) {
      put(joinedGroup(title))
      patch({ awaited: [] })
    },
    takeBack() {
      const { requests, awaited } = snapshot.get()
      const taken = [...requests.map((one) => awaitedGroup(one, 'taken-back')), ...awaited]
        .filter(({ conversation: id, title }) => id === GROUP && title !== '')
        .map((one) => ({ ...one, state: 'taken-back' as const }))
      patch({ requests: requests.filter(({ kind }) => kind !== 'group'), awaited: taken })
    },
    rekey: (rekeying) => put({ ...room(GROUP), rekeying }),
    receive(text) {
      const to = first()
      const row = message(peerOf(to), text, Date.now(), 'received')
      add(to, row, 1)
      tell({ type: 'message', conversation: to.conversation, message: row, via: 'direct' })
    },
    reach(state) {
      const to = first()
      const own = to.rows.findLast((row): row is MessageSnapshot => 'text' in row && row.own)
      if (own)
        put({ ...to, rows: to.rows.map((row) => (row === own ? { ...own, state } : row)), last: { ...own, state } })
    },
    change: (change) => snapshot.set(change(snapshot.get())),
    notice: (text) => tell({ type: 'notice', name: 'storage-full', text }),
    keys,
    get stopped() {
      return stopped
    },
  }
  return { client, handle }
}
