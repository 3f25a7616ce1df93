import type { Rows } from '@sotto/interface'
import { decodeSeal, encodeSeal, encodeTextBody } from '@sotto/wire'
import {
  checkSeal,
  lookups,
  newConversation,
  step,
  type CheckedSeal,
  type ConversationState,
  type Input,
  type KnownEvent,
  type Step,
  type Via,
} from '../src/index.ts'

import { accountOf, CONVERSATION, deviceOf, EPOCH, innerOf, SIGNATURE } from './ids.ts'

type Row = Rows['events']

/** One device with rows in memory: what tests of single rules need. `simulation/` has disks, relays and crashes. */
export class Author {
  readonly name: string
  state: ConversationState
  readonly rows: Map<string, Row> = new Map()
  now = 1_000_000

  readonly #stepper: typeof step

  constructor(name: string, members: readonly string[], relays = 1, stepper: typeof step = step) {
    this.name = name
    this.#stepper = stepper
    this.state = newConversation({
      conversation: CONVERSATION,
      self: deviceOf(name),
      account: accountOf(name),
      epochId: EPOCH,
      boot: 1,
      receipts: true,
    })
    const roster = members.map((member) => ({ device: deviceOf(member), account: accountOf(member) }))
    this.apply({ type: 'members', members: roster, epochId: EPOCH })
    this.apply({ type: 'relays', count: relays })
  }

  /** Steps and keeps the rows, as a client does. */
  apply(input: Input): Step {
    const places = lookups(this.state, input)
    const known = places.flatMap(({ device, seq }): KnownEvent[] => {
      const row = this.rows.get(`${device}:${seq}`)
      return row === undefined ? [] : [row]
    })
    const stepped = this.#stepper(this.state, 'known' in input ? { ...input, known } : input)
    for (const effect of stepped.persist) {
      if (effect.type === 'put-event') this.rows.set(`${effect.row.device}:${effect.row.seq}`, effect.row)
      if (effect.type !== 'show-event' && effect.type !== 'number-event') continue
      const row = this.rows.get(`${effect.device}:${effect.seq}`)
      const change = effect.type === 'show-event' ? { shown: 1 } : { lamport: effect.lamport }
      if (row !== undefined) this.rows.set(`${row.device}:${row.seq}`, { ...row, ...change })
    }
    this.state = stepped.state
    return stepped
  }

  compose(text: string): Row {
    const salt = new Uint8Array(32).fill(text.length)
    const { persist } = this.apply({
      type: 'compose',
      kind: 'text',
      body: encodeTextBody({ text }),
      salt,
      now: this.now,
    })
    const [effect] = persist
    if (effect?.type !== 'put-event') throw new Error('Composing stores an event.')
    return effect.row
  }

  /** Everything that waits in one seal, as others open it. */
  seal(): CheckedSeal {
    const { after } = this.apply({ type: 'seal-due' })
    const effect = after.find(({ type }) => type === 'seal')
    if (effect?.type !== 'seal') throw new Error('Nothing may be sealed.')
    const { firstSeq, lastSeq } = effect
    const seal = this.sealOf(firstSeq, lastSeq)
    const lastEventId = this.row(lastSeq).eventId
    const innerId = innerOf(`${this.name} ${this.state.rollback.seals}`)
    this.apply({ type: 'sealed', innerId, firstSeq, lastSeq, lastEventId, again: false, now: this.now })
    return seal
  }

  /** Own events as a seal, also once more. */
  sealOf(firstSeq: number, lastSeq: number): CheckedSeal {
    const events = Array.from({ length: lastSeq - firstSeq + 1 }, (_, at) => this.row(firstSeq + at))
    return opened(this.name, encodeSeal({ events, signature: SIGNATURE }))
  }

  say(text: string): CheckedSeal {
    this.compose(text)
    return this.seal()
  }

  open(sender: string, seal: CheckedSeal, via: Via = 'mailbox'): Step {
    return this.apply({ type: 'opened', sender: deviceOf(sender), seal, via, known: [], now: this.now, jitter: 0 })
  }

  tick(ms = 0): Step {
    this.now += ms
    return this.apply({ type: 'tick', now: this.now })
  }

  /** Shown texts in display order. */
  texts(): string[] {
    return shownRows(this.rows.values()).map(({ text }) => text)
  }

  private row(seq: number): Row {
    const row = this.rows.get(`${this.state.self}:${seq}`)
    if (row === undefined) throw new Error('An own event is in the rows.')
    return row
  }
}

/** What a client does with a decrypted plaintext before core sees it. */
export function opened(sender: string, bytes: Uint8Array): CheckedSeal {
  const decoded = decodeSeal(bytes)
  if (!decoded.ok) throw new Error(`Not a seal: ${decoded.reason}`)
  const checked = checkSeal({ conversation: CONVERSATION, epochId: EPOCH, sender: deviceOf(sender) }, decoded.value)
  if (!checked.ok) throw new Error(`Not a valid seal: ${checked.reason}`)
  return checked.value
}

/** As the store's index `events.order` lists them. */
export function shownRows(rows: Iterable<Row>): Row[] {
  return [...rows]
    .filter(({ shown }) => shown === 1)
    .toSorted((a, b) => a.lamport - b.lamport || (a.eventId < b.eventId ? -1 : 1))
}
