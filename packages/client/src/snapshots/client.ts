import { messageState } from '@sotto/core'
import type { Conversation } from '../conversation/conversation.ts'
import { isMessage } from '../conversation/rows.ts'
import { isBeyondReach } from '../groups/come-back.ts'
import { groupRequests } from '../groups/invite.ts'
import { awaitedGroups } from '../groups/take-back.ts'
import type { Messenger } from '../client.ts'
import { invitationSnapshot } from '../invitations/invite.ts'
import { requestSnapshot } from '../invitations/requests.ts'
import type { ClientSnapshot, RelaySnapshot, WaitingSnapshot } from './client-snapshots.ts'
import { summaryOf } from './summary.ts'

const PROBLEMS: Readonly<Record<string, string>> = {
  refused: 'It refused the connection.',
  timeout: 'It does not answer.',
  'wrong-peer': 'Another relay answers at this address.',
  unsupported: 'It is not a Sotto relay, or too old.',
}

/** Everything that a view shows outside an open conversation, as it is now. */
export async function buildSnapshot(messenger: Messenger): Promise<ClientSnapshot> {
  const { store, clock, profile } = messenger.context
  const { account, device, name, relays, relaysOnly, retired, revoked = false } = profile()
  const hellos = await store.list('requests')
  const requests = hellos.filter((row) => row.state === 'open')
  const invitations = await store.list('invitations')
  const visible = [...messenger.conversations.values()].filter(
    (entry) => entry.row.phase !== 'founding' && entry.kind !== 'self',
  )
  const conversations = await Promise.all(visible.map((entry) => summaryOf(messenger, entry)))
  return {
    self: { account, device, name, relays, relaysOnly, retired, revoked },
    online: messenger.network.relays.some((relay) => relay.reachable),
    relays: messenger.network.relays.map(relaySnapshot),
    requests: [...requests.map(requestSnapshot), ...(await groupRequests(store))].toSorted(
      (a, b) => b.receivedAt - a.receivedAt,
    ),
    awaited: await awaitedGroups(messenger.context, messenger.conversations),
    conversations: conversations.toSorted((a, b) => b.updatedAt - a.updatedAt),
    invitations: invitations
      .toSorted((a, b) => b.createdAt - a.createdAt)
      .map((row) => invitationSnapshot(row, hellos, clock.now())),
    waiting: (await Promise.all(visible.map((entry) => waitingIn(messenger, entry)))).flat(),
  }
}

/** A relay as lists show it. */
export function relaySnapshot(relay: {
  id: string
  address: string
  reachable: boolean
  problem: string | undefined
}): RelaySnapshot {
  const { id, address, reachable, problem } = relay
  return {
    relay: id as RelaySnapshot['relay'],
    address,
    reachable,
    ...(reachable || problem === undefined ? {} : { problem: PROBLEMS[problem] ?? 'It cannot be reached.' }),
  }
}

/** Own messages that have not left this device, and why. Names and the like travel too, but nobody wrote them. */
export async function waitingIn(messenger: Messenger, conversation: Conversation): Promise<WaitingSnapshot[]> {
  const { id, state, peer, kind } = conversation
  if (conversation.isOver) return []
  const rows = await messenger.context.store.list('events', { prefix: [id, state.self], after: [state.released] })
  const queued = rows.filter((row) => isMessage(row) && messageState(state, row) === 'queued')
  if (queued.length === 0) return []
  return [{ waiting: queued.length, for: kind === 'group' ? id : peer, because: reasonFor(messenger, conversation) }]
}

const AWAY = 'This device was away for long, and waits to be let in again.'
const TOO_LATE =
  'This device was away for very long. If nobody lets it in again, somebody with a role there can remove you and invite you anew.'

function reasonFor(messenger: Messenger, conversation: Conversation): string {
  if (messenger.context.profile().retired) return 'This device has been retired.'
  if (!messenger.network.isOnline) return 'Sotto is not online.'
  if (messenger.network.connection(conversation) === 'none') return 'No relay of this conversation answers.'
  if (conversation.row.phase === 'away') return isBeyondReach(conversation) ? TOO_LATE : AWAY
  if (conversation.isRekeying) return 'The keys of the group are being changed.'
  const problem = messenger.network.posts(conversation).find((post) => post.problem !== undefined)?.problem
  if (problem === 'full' || problem === 'quota') return 'The mailbox at the relay is full.'
  return 'It is on its way.'
}
