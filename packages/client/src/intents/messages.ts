import { messageState } from '@sotto/core'
import type { EventId } from '@sotto/interface'
import { encodeTextBody, fromHex, isHex, isMessageText } from '@sotto/wire'
import type { Messenger } from '../client.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { tellRead } from '../devices/same-everywhere.ts'
import { composedWith } from '../conversation/once.ts'
import { ClientError, unknownId } from '../errors.ts'
import { badText } from '../invitations/join.ts'
import { summaryOf } from '../snapshots/summary.ts'
import { formerOf, messageRows, rowsOf } from '../snapshots/views.ts'
import type { OwnState } from '../snapshots/row-snapshots.ts'
import type { Answer, Ask } from './intents.ts'
import { draftSent } from './drafts.ts'
import type { IntentTable } from './table.ts'

type Names = 'send' | 'messages' | 'read' | 'older'

const ORDER: readonly OwnState[] = ['queued', 'sent', 'delivered', 'read']
const DEFAULT_WAIT_MS = 30_000
const DEFAULT_LIMIT = 50
const MAX_LIMIT = 10_000

/** What is written and read. */
export function messageIntents(messenger: Messenger): Pick<IntentTable, Names> {
  const { context } = messenger
  return {
    send: (ask) => send(messenger, ask),
    messages: async ({ conversation, limit = DEFAULT_LIMIT, lines = false }) => {
      if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
        throw new ClientError('bad-limit', `The limit is a whole number from 1 to ${MAX_LIMIT}.`)
      }
      const entry = messenger.get(conversation)
      const { rows } = lines ? await rowsOf(entry, limit) : await messageRows(entry, limit)
      return { rows, former: formerOf(entry, await summaryOf(messenger, entry)) }
    },
    read: async ({ conversation }) => {
      const entry = messenger.get(conversation)
      await entry.lane.run(() => markRead(messenger, entry))
      context.changed()
      return {}
    },
    older: async ({ conversation }) => {
      messenger.views.older(messenger.get(conversation).id)
      return {}
    },
  }
}

async function send(messenger: Messenger, ask: Ask<'send'>): Promise<Answer<'send'>> {
  messenger.assertMayMeet()
  const conversation = messenger.get(ask.conversation)
  if (conversation.isOver) {
    throw new ClientError('ended', 'This conversation has ended. Nothing can be sent in it any more.')
  }
  if (!isMessageText(ask.text)) throw badText()
  if (ask.replyTo !== undefined && !isHex(ask.replyTo, 32)) throw unknownId('message')
  if (ask.once !== undefined && !isHex(ask.once, 32)) throw new ClientError('bad-once', 'A key has 32 bytes in hex.')
  const body = encodeTextBody({
    text: ask.text,
    ...(ask.replyTo === undefined ? {} : { replyTo: fromHex(ask.replyTo) }),
  })
  const message = await conversation.lane.run(() => composeOnce(conversation, body, ask))
  return waitFor(messenger, conversation, message, ask)
}

/** Composes a message, or finds the one that was composed with this key before. Runs in the lane. */
async function composeOnce(conversation: Conversation, body: Uint8Array, ask: Ask<'send'>): Promise<EventId> {
  const known = ask.once === undefined ? undefined : await composedWith(conversation, ask.once)
  if (known !== undefined) return known
  const salt = ask.once === undefined ? undefined : fromHex(ask.once)
  const changes = await draftSent(conversation.context.store, conversation.id, ask.text)
  return conversation.compose('text', body, changes, salt)
}

/** Resolves when the message has reached `wait`, or when the time is up. */
async function waitFor(
  messenger: Messenger,
  conversation: Conversation,
  message: EventId,
  { wait = 'queued', timeout = DEFAULT_WAIT_MS }: Pick<Ask<'send'>, 'wait' | 'timeout'>,
): Promise<Answer<'send'>> {
  const [row] = await messenger.context.store.listBy('events.id', { prefix: [message] })
  const state = (): OwnState => {
    const now = row === undefined ? undefined : messageState(conversation.state, { device: row.device, seq: row.seq })
    return now === undefined || now === 'received' ? 'queued' : now
  }
  const isReached = (): boolean => ORDER.indexOf(state()) >= ORDER.indexOf(wait)
  if (!isReached()) {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        cancel()
        unsubscribe()
        resolve()
      }
      const cancel = messenger.context.clock.after(timeout, done)
      const unsubscribe = messenger.subscribe((fact) => {
        if (fact.type === 'state' && fact.message === message && isReached()) done()
      })
    })
  }
  return { message, state: state(), reached: isReached() }
}

/** A person has seen everything that is shown in it. Runs in the lane. */
async function markRead(messenger: Messenger, conversation: Conversation): Promise<void> {
  if (conversation.unread === 0) return
  const { clock, random } = messenger.context
  const { self, devices } = conversation.state
  const upTo = devices
    .filter(({ device, head }) => device !== self && head.seq > 0)
    .map(({ device, head }) => ({ device, seq: head.seq }))
  const jitter = (random.bytes(1)[0] ?? 0) / 256
  const direct = messenger.network.isDirect(conversation)
  await conversation.step({ type: 'read', upTo, direct, now: clock.now(), jitter })
  conversation.unread = 0
  messenger.network.tickLater(conversation)
  messenger.network.background(() =>
    tellRead({ context: messenger.context, conversations: () => messenger.conversations }, conversation),
  )
}
