import { checkServed, type CheckedEvent, type ServedEvent } from '@sotto/core'
import { openSealedTo, roster } from '@sotto/group'
import { refuse, type DeviceId, type EpochId, type Result } from '@sotto/interface'
import { decodeServedEvents, fromHex, toHex, type Served } from '@sotto/wire'
import type { Arrival, Handled } from '../conversation/arrival.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { jitterOf } from '../conversation/messages.ts'
import { floorsOf } from '../groups/floors.ts'
import { answerInfo, askPrivateKey } from './ask.ts'

/**
 * Takes others' events that somebody gives us because we have asked. Who gives them says nothing: each counts by its author's signature alone, and only
 * where the author's own message would, which opens with an epoch's state that is here. Runs in the lane.
 */
export async function receiveServed(conversation: Conversation, served: Served, { seen }: Arrival): Promise<Handled> {
  const { context, id } = conversation
  const { device } = context.profile()
  if (toHex<DeviceId>(served.device) !== device) {
    await context.store.commit([seen])
    return { done: true }
  }
  const privateKey = await askPrivateKey(conversation)
  if (privateKey === undefined) return { refused: 'not-asked-for' }
  const opened = await openSealedTo(context.engine, privateKey, answerInfo(id, device), served)
  if (!opened.ok) return { refused: opened.reason }
  const checked = await eventsIn(conversation, opened.value)
  if (!checked.ok) return { refused: checked.reason }
  const events = await countingHere(conversation, checked.value)
  if (events.length === 0) return { refused: 'unknown-epoch' }
  const [now, jitter] = [context.clock.now(), jitterOf(context.random.bytes(4))]
  await conversation.step({ type: 'served', events, known: [], now, jitter }, { changes: [seen] })
  return { done: true }
}

/** All of them signed by their author, or none is taken. */
async function eventsIn(conversation: Conversation, plaintext: Uint8Array): Promise<Result<readonly ServedEvent[]>> {
  const { id, context } = conversation
  const decoded = decodeServedEvents(plaintext)
  if (!decoded.ok) return decoded
  const checked = checkServed(id, decoded.value, floorsOf(conversation))
  if (!checked.ok) return checked
  // Events of one seal have one signature.
  const valid = new Set<string>()
  for (const { event, statement, signature } of checked.value) {
    const signed = `${toHex(statement)} ${toHex(signature)}`
    if (valid.has(signed)) continue
    if (!(await context.crypto.ed25519.verify(fromHex(event.device), statement, signature)))
      return refuse('bad-signature')
    valid.add(signed)
  }
  return checked
}

/** Those whose author was in the epoch that it has sealed them in, if the state of that is here. */
async function countingHere(
  { epochs }: Conversation,
  served: readonly ServedEvent[],
): Promise<readonly CheckedEvent[]> {
  const authors = new Map<EpochId, ReadonlySet<DeviceId>>()
  const events: CheckedEvent[] = []
  for (const { event, epochId } of served) {
    if (!authors.has(epochId)) {
      const state = await epochs.get(epochId)
      authors.set(epochId, new Set(state === undefined ? [] : roster(state).map(({ device }) => device)))
    }
    if (authors.get(epochId)?.has(event.device) === true) events.push(event)
  }
  return events
}
