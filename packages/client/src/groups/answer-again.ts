import type { Change, ConversationId, Rows } from '@sotto/interface'
import { fromString, toString } from 'uint8arrays'
import type { Context } from '../context.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { acceptedGroup, acceptInvite } from './invite.ts'

const DAY_MS = 86_400_000
/** So long a Welcome may take once whoever has invited has the yes; twice as long each further time. */
const WELCOME_MS = 3 * DAY_MS

interface AnswerInit {
  readonly context: Context
  conversations(): ReadonlyMap<ConversationId, Conversation>
}

/** How often a yes was said again, and whether what came for the last one was of no use. */
interface Note {
  readonly times: number
  readonly isRefused: boolean
}

/**
 * Says yes once more to whoever has invited, with new keys, where a Welcome was of no use or does not come: whoever has committed may have kept it back, or made
 * it up, and nobody else has another.
 */
export async function answerAgain({ context, conversations }: AnswerInit): Promise<void> {
  const { store, clock } = context
  const rows = (await store.list('groupInvites')).filter((row) => row.direction === 'in' && row.state === 'accepted')
  for (const row of rows) {
    const known = conversations().get(row.conversation)
    const pair = conversations().get(row.pair)
    if ((known !== undefined && !known.isOver) || pair === undefined || pair.isOver) continue
    const note = await noteOf(context, row.conversation)
    if (clock.now() - row.at < waitFor(note) || !(await wasHeard(pair, row))) continue
    await store.commit([putNote(row.conversation, { times: note.times + 1, isRefused: false })])
    await pair.lane.run(() => acceptInvite(pair, { ...row, at: clock.now() }))
  }
}

/** The write that notes that what came for a yes was of no use. */
export async function refusedWelcome(context: Context, conversation: ConversationId): Promise<Change> {
  return putNote(conversation, { ...(await noteOf(context, conversation)), isRefused: true })
}

/** The write that forgets all that when somebody is in. */
export function answerDone(conversation: ConversationId): Change {
  return { delete: 'meta', key: [keyOf(conversation)] }
}

function waitFor({ times, isRefused }: Note): number {
  if (!isRefused) return WELCOME_MS * 2 ** times
  return times === 0 ? 0 : DAY_MS * 2 ** times
}

/** Whether whoever has invited holds the last yes: before that nothing is late. */
async function wasHeard(pair: Conversation, { conversation, account }: Rows['groupInvites']): Promise<boolean> {
  const own = await pair.context.store.list('events', { prefix: [pair.id, pair.state.self] })
  const seq = own.findLast((event) => event.kind === 'group.accept' && acceptedGroup(event) === conversation)?.seq
  const theirs = pair.state.devices.filter((device) => device.live && device.account === account)
  return seq !== undefined && theirs.some(({ acknowledged }) => acknowledged.delivered >= seq)
}

async function noteOf({ store }: Context, conversation: ConversationId): Promise<Note> {
  const row = await store.get('meta', [keyOf(conversation)])
  // Our own words, written below.
  return row === undefined ? { times: 0, isRefused: false } : (JSON.parse(toString(row.value)) as Note)
}

function putNote(conversation: ConversationId, note: Note): Change {
  return { put: 'meta', row: { key: keyOf(conversation), value: fromString(JSON.stringify(note)) } }
}

function keyOf(conversation: ConversationId): string {
  return `yes again ${conversation}`
}
