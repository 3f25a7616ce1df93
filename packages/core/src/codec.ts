import { ok, refuse, type DeviceId, type RelayId, type Result } from '@sotto/interface'
import { MAX_LACKING } from '@sotto/wire'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'

import { MAX_DEPS, MAX_BESIDES, MAX_HELD, MAX_SIGNED_HEAD_BYTES, RECENT } from './parameters.ts'
import {
  count,
  flag,
  hex,
  hexOrNone,
  hexUpTo,
  isRecord,
  list,
  object,
  oneOf,
  optional,
  text,
  time,
  type Shape,
} from './shapes.ts'
import type { ConversationState, DeviceRecord, HeldDep, HeldEvent, Mark, RollbackState, Span } from './state.ts'

/** A longer encoded state is refused. */
export const MAX_STATE_BYTES = 67_108_864

export type StateReason = 'too-large' | 'malformed' | 'unknown-version'

const VERSION = 1
// Devices that left keep their places: many more than can be in the roster at one time.
const MAX_DEVICES_EVER = 65_536
const MAX_ITEMS = 1_048_576
const MAX_RELAYS_EVER = 256

const span: Shape<Span> = object({ from: count, to: count })
const device: Shape<DeviceId> = hex(32)

const dep: Shape<HeldDep> = object({ device, seq: count, eventId: hex(32), lamport: optional(count) })

const held: Shape<HeldEvent> = object({
  seq: count,
  eventId: hex(32),
  prev: hexOrNone(32),
  lamport: count,
  floor: optional(count),
  deps: list(MAX_DEPS, dep),
  since: time,
  waited: flag,
  shown: flag,
})

const mark: Shape<Mark> = object({ eventId: hex(32), lamport: count })

const record: Shape<DeviceRecord> = object<DeviceRecord>(
  {
    device,
    account: hex(32),
    live: flag,
    head: object({ seq: count, eventId: hexOrNone(32), lamport: count }),
    covered: flag,
    recent: list(RECENT, mark),
    // One more than that may be there: the very next event is always taken.
    held: list(MAX_HELD + 1, held),
    claimed: count,
    heard: optional(count),
    declared: count,
    missing: optional(object({ from: count, to: count, since: time, asked: time, tries: count })),
    read: count,
    start: optional(count),
    had: optional(count),
    past: optional(flag),
    forked: optional(count),
    since: optional(count),
    begins: optional(count),
    control: optional(count),
    acknowledged: object({ counter: count, delivered: count, read: count, control: optional(count) }),
    asked: object({ counter: count, at: time }),
    peerHead: optional(object({ boot: count, seals: count, signed: hexUpTo(MAX_SIGNED_HEAD_BYTES) })),
  },
  isChain,
)

const relays: Shape<readonly RelayId[]> = list(MAX_RELAYS_EVER, text(256))

const rollback: Shape<RollbackState> = object<RollbackState>({
  stage: oneOf('checking', 'recording', 'ready', 'retired'),
  boot: count,
  seals: count,
  answered: relays,
  returned: optional(list(MAX_DEVICES_EVER, device)),
  vouched: optional(time),
  doubted: flag,
  handed: optional(
    object({
      boot: count,
      seals: count,
      at: time,
      stored: relays,
      held: flag,
      holders: optional(list(MAX_DEVICES_EVER, device)),
    }),
  ),
})

const conversation: Shape<ConversationState> = object<ConversationState>(
  {
    conversation: hex(32),
    self: device,
    epochId: hex(32),
    floor: optional(count),
    besides: optional(list(MAX_BESIDES, object({ device, seq: count }))),
    relays: count,
    devices: list(MAX_DEVICES_EVER, record),
    sealed: object({ seq: count, eventId: hexOrNone(32) }, ({ seq, eventId }) => (seq === 0) === (eventId === '')),
    outbox: list(
      MAX_ITEMS,
      object({
        innerId: hex(32),
        firstSeq: count,
        lastSeq: count,
        deposits: relays,
        holds: list(MAX_DEVICES_EVER, device),
      }),
    ),
    sent: list(MAX_ITEMS, span),
    reached: optional(object({ delivered: list(MAX_ITEMS, span), read: list(MAX_ITEMS, span) })),
    released: count,
    receipts: object({ on: flag, counter: count, due: optional(time) }),
    lacking: optional(list(MAX_LACKING, hex(32))),
    fetches: count,
    rollback,
  },
  isWhole,
)

const stored: Shape<{ version: number; state: ConversationState }> = object({ version: count, state: conversation })

/** The state as bytes for the store: equal states give equal bytes. */
export function encodeConversation(state: ConversationState): Uint8Array {
  return fromString(JSON.stringify({ version: VERSION, state: conversation.pick(state) }))
}

/** Total: what {@link encodeConversation} made, or why these bytes are not that. */
export function decodeConversation(bytes: Uint8Array): Result<ConversationState, StateReason> {
  if (bytes.length > MAX_STATE_BYTES) return refuse('too-large')
  const value = withoutFirsts(parse(bytes))
  if (stored.check(value))
    return value.version === VERSION ? ok(conversation.pick(value.state)) : refuse('unknown-version')
  return refuse(hasLaterVersion(value) ? 'unknown-version' : 'malformed')
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(toString(bytes))
  } catch {
    return undefined // The platform's only way to say that a text is no JSON.
  }
}

/**
 * States of earlier versions counted the event at which a newcomer's time began, as a committer had told it, among those that are here: `first`, right after
 * `start`.
 */
function withoutFirsts(value: unknown): unknown {
  const devices = isRecord(value) && isRecord(value['state']) ? value['state']['devices'] : undefined
  if (!Array.isArray(devices)) return value
  for (const entry of devices) {
    if (!isRecord(entry) || entry['first'] === undefined) continue
    const { head, recent, start } = entry
    delete entry['first']
    if (!isRecord(head) || !Array.isArray(recent) || typeof start !== 'number') continue
    const since = Number(head['seq']) - start - 1
    entry['start'] = start + 1
    entry['recent'] = since > 0 ? recent.slice(-since) : []
    if (since === 0) entry['head'] = { seq: start + 1, eventId: '', lamport: 0 }
  }
  return value
}

function hasLaterVersion(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'version' in value && Number(value.version) > VERSION
}

function isChain({ head, recent, held: events, covered, start = 0 }: DeviceRecord): boolean {
  if ((head.seq === start) !== (head.eventId === '') || (covered && head.seq === 0)) return false
  if (recent.length !== Math.min(head.seq - start, RECENT)) return false
  if (recent.length > 0 && recent.at(-1)?.eventId !== head.eventId) return false
  return events.every(({ seq }, at) => seq > (events[at - 1]?.seq ?? head.seq))
}

function isWhole({ devices, self }: ConversationState): boolean {
  const ascending = devices.every((one, at) => at === 0 || one.device > (devices[at - 1]?.device ?? ''))
  return ascending && devices.some((one) => one.device === self)
}
