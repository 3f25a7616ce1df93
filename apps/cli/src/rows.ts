import type {
  Answer,
  AwaitedGroup,
  ConversationSummary,
  DeviceSnapshot,
  InvitationSnapshot,
  RequestSnapshot,
  RowSnapshot,
} from '@sotto/client'

// The shapes of CONTRACT.md: only the promised fields, in the promised form.

export function iso(ms: number): string {
  return new Date(ms).toISOString()
}

export function invitationRow(row: InvitationSnapshot): object {
  const { invitation, link, expires, uses, used, state } = row
  return { invitation, link, expires: iso(expires), uses, used, state }
}

export function requestRow({ id, kind, account, name, message, title }: RequestSnapshot): object {
  return { id, kind, account, name, message, ...(title === undefined ? {} : { title }) }
}

export function conversationRow({ conversation, title, members, unread, phase }: ConversationSummary): object {
  return { conversation, title, members, unread, ...(phase === 'active' ? {} : { phase }) }
}

export function messageRow(row: RowSnapshot): object {
  if ('line' in row) {
    const { line, id, by, account, title, at } = row
    const about = { ...(account === undefined ? {} : { account }), ...(title === undefined ? {} : { title }) }
    return { line, id, by, ...about, at: iso(at) }
  }
  if ('missing' in row) return { missing: row.missing, author: row.author }
  const { id, author, text, sentAt, state, replyTo, unsent } = row
  return {
    id,
    author,
    text,
    sentAt: iso(sentAt),
    state,
    ...(unsent === undefined ? {} : { unsent }),
    ...(replyTo === undefined ? {} : { replyTo }),
  }
}

export function deviceRow({ device, current, addedAt, retired }: DeviceSnapshot): object {
  return { device, current, addedAt: iso(addedAt), ...(retired === undefined ? {} : { retired }) }
}

/** A group that one has said yes to and is not in, or was uninvited from. */
function awaitedRow({ id, conversation, title, account, name, state }: AwaitedGroup): object {
  return { group: conversation, title, account, name, state, id }
}

export function statusRows({ relays, connections, waiting, awaited }: Answer<'status'>): object[] {
  return [
    ...relays.map(({ address, reachable }) => ({ relay: address, reachable })),
    ...connections.map(({ account, kind }) => ({ account, kind })),
    ...awaited.map(awaitedRow),
    ...waiting.map((entry) => ({ waiting: entry.waiting, for: entry.for, because: entry.because })),
  ]
}
