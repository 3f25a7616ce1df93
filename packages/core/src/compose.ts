import type { Rows } from '@sotto/interface'
import { bodyHash, encodeEventHeader, eventIdOf, fromHex } from '@sotto/wire'

import { textOf } from './bodies.ts'
import { ownRecord } from './devices.ts'
import { compareEvents } from './order.ts'
import { MAX_DEPS, MAX_LAMPORT, RECENT } from './parameters.ts'
import type { ChainHead, ConversationState, DeviceRecord } from './state.ts'
import type { Input, Step } from './types.ts'

type Compose = Extract<Input, { type: 'compose' }>

/**
 * An own event, stored and shown at once, sealed later. Throws `WireError` for a kind or body that the wire does not
 * carry: whoever composes checks a person's text first.
 */
export function compose(state: ConversationState, input: Compose): Step {
  const own = ownRecord(state)
  const named = headsToName(state)
  const seq = own.head.seq + 1
  const highest = Math.max(state.floor ?? 0, own.head.lamport, ...named.map(({ head }) => head.lamport))
  const lamport = Math.min(highest + 1, MAX_LAMPORT)
  const header = encodeEventHeader({
    conversation: fromHex(state.conversation),
    epochId: fromHex(state.epochId),
    device: fromHex(state.self),
    seq,
    prev: fromHex(own.head.eventId),
    deps: named.map(({ device, head }) => ({ device: fromHex(device), seq: head.seq, eventId: fromHex(head.eventId) })),
    lamport,
    kind: input.kind,
    bodyHash: bodyHash(input.salt, input.body),
    sentAt: BigInt(sentAtOf(input)),
  })
  const head = { seq, eventId: eventIdOf(header), lamport }
  const covered = new Set(named.map(({ device }) => device))
  const devices = state.devices.map((record) => {
    if (record.device === own.device) return extend(own, head)
    return covered.has(record.device) ? { ...record, covered: true } : record
  })
  return {
    state: { ...state, devices },
    persist: [{ type: 'put-event', row: rowOf(state, own, head, header, input) }],
    after: [
      { type: 'shown', events: [{ device: own.device, ...head }] },
      { type: 'state', firstSeq: seq, lastSeq: seq, state: 'queued' },
    ],
  }
}

/** The oldest heads of others that no settled event names yet. What only a committer speaks of is none: there may be no such event. */
function headsToName(state: ConversationState): readonly DeviceRecord[] {
  return state.devices
    .filter(({ device, head, covered }) => device !== state.self && head.eventId !== '' && !covered)
    .toSorted((a, b) => compareEvents(a.head, b.head))
    .slice(0, MAX_DEPS)
}

function extend(own: DeviceRecord, head: ChainHead & { eventId: Rows['events']['eventId'] }): DeviceRecord {
  const { eventId, lamport } = head
  return { ...own, head, covered: false, recent: [...own.recent, { eventId, lamport }].slice(-RECENT) }
}

function rowOf(
  state: ConversationState,
  own: DeviceRecord,
  head: { seq: number; eventId: Rows['events']['eventId']; lamport: number },
  header: Uint8Array,
  composed: Compose,
): Rows['events'] {
  const { kind, salt, body, now } = composed
  return {
    conversation: state.conversation,
    device: own.device,
    seq: head.seq,
    eventId: head.eventId,
    account: own.account,
    lamport: head.lamport,
    kind,
    header,
    salt,
    body,
    text: textOf(kind, body),
    sentAt: sentAtOf(composed),
    receivedAt: now,
    via: '',
    shown: 1,
    proof: new Uint8Array(),
  }
}

// The header takes whole milliseconds only; a clock may have finer ones.
function sentAtOf({ now }: Compose): number {
  return Math.max(0, Math.floor(now))
}
