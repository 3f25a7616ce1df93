import type { RelayId } from '@sotto/interface'
import { RECENT, step, type ConversationState, type Input, type Mark, type Step } from '../../src/index.ts'
import type { Disk } from './disk.ts'
import { Peer, type Stepper } from './peer.ts'
import { NO_PLANT, USUAL, type Faults, type Plant } from './faults.ts'

/** A planted bug, the circumstances that bring it out, and how the violation begins by which it must be found. */
export interface Planted {
  readonly plant: Plant
  readonly faults: Faults
  readonly shows: string
}

const HARSH: Faults = { ...USUAL, crash: 0.03, lose: 0.5 }
const LYING: Faults = { ...HARSH, paths: 'relays' }
const RESTORED: Faults = { ...HARSH, actions: 250, rollback: 0.6 }
const SWAPPED: Faults = { ...USUAL, actions: 250, rollback: 0.4, crash: 0.002, drop: 0.05, lose: 0, relays: 2 }
const DYING: Faults = { ...USUAL, crash: 0.04, drop: 0.1 }

/** Mistakes that could be made, each around the true `step` or the true peer. */
export const PLANTS: Readonly<Record<string, Planted>> = {
  'an event that is here is taken once more': planted(withoutDedup, HARSH, 'twice: shown'),
  'the event before is not asked for': planted(withoutPrev, HARSH, 'lost'),
  'the latest receipt to arrive counts': planted(lastReceiptWins, HARSH, 'back'),
  'one relay is enough for sent': planted(oneRelaySuffices, HARSH, 'untrue: sent'),
  'nobody is asked for what is missing': planted(withoutFetch, LYING, 'lost'),
  'gaps are shown at once': planted(withoutWaiting, HARSH, 'early'),
  'no check after a start': planted(withoutHeadCheck, RESTORED, 'twice: key'),
  'one of two relays is read, whoever else has the record': planted(oneOfTwoRead, SWAPPED, 'twice: key'),
  'a receipt leaves before its transaction': {
    plant: { ...NO_PLANT, peer: eagerPeer() },
    faults: DYING,
    shows: 'untrue: delivered',
  },
  'a seal leaves before its transaction': {
    plant: { ...NO_PLANT, peer: hastyPeer() },
    faults: DYING,
    shows: 'twice: key',
  },
}

function planted(stepper: Stepper, faults: Faults, shows: string): Planted {
  return { plant: { ...NO_PLANT, stepper }, faults, shows }
}

function withoutDedup(state: ConversationState, input: Input): Step {
  const result = step(state, input)
  if (input.type !== 'opened') return result
  const isNew = new Set(result.persist.flatMap((effect) => (effect.type === 'put-event' ? [effect.row.seq] : [])))
  const again = input.seal.events.filter(({ seq, device }) => {
    const record = state.devices.find((one) => one.device === device)
    return !isNew.has(seq) && record !== undefined && seq <= record.head.seq
  })
  return again.length === 0 ? result : { ...result, after: [...result.after, { type: 'shown', events: again }] }
}

function withoutPrev(state: ConversationState, input: Input): Step {
  if (input.type !== 'opened') return step(state, input)
  const [first] = input.seal.events
  const devices = state.devices.map((record) => {
    if (first === undefined || record.device !== first.device || record.head.seq >= first.seq) return record
    const mark = { eventId: first.prev, lamport: first.lamport - 1 }
    const recent = Array.from({ length: Math.min(first.seq - 1, RECENT) }, () => mark) as Mark[]
    return { ...record, head: { seq: first.seq - 1, ...mark }, recent }
  })
  return step({ ...state, devices }, input)
}

function lastReceiptWins(state: ConversationState, input: Input): Step {
  if (input.type !== 'receipt') return step(state, input)
  const none = { counter: 0, delivered: 0, read: 0, control: undefined }
  const devices = state.devices.map((record) =>
    record.device === input.device ? { ...record, acknowledged: none } : record,
  )
  // Nor is anything remembered of what had been reached before.
  return step({ ...state, devices, reached: { delivered: [], read: [] } }, input)
}

function oneRelaySuffices(state: ConversationState, input: Input): Step {
  if (input.type !== 'deposited') return step(state, input)
  const { state: next, ...effects } = step({ ...state, relays: 1 }, input)
  return { ...effects, state: { ...next, relays: state.relays } }
}

function withoutHeadCheck(state: ConversationState, input: Input): Step {
  const result = step(state, input)
  if (input.type !== 'start') return result
  return { ...result, state: { ...result.state, rollback: { ...result.state.rollback, stage: 'ready' } } }
}

function oneOfTwoRead(state: ConversationState, input: Input): Step {
  const result = step(state, input)
  const { rollback } = result.state
  if (input.type !== 'head-record' || rollback.stage !== 'checking' || rollback.answered.length !== 1) return result
  const answered = [...rollback.answered, 'nobody' as RelayId]
  return step({ ...result.state, rollback: { ...rollback, answered } }, { type: 'tick', now: input.now })
}

function withoutFetch(state: ConversationState, input: Input): Step {
  const result = step(state, input)
  return { ...result, after: result.after.filter(({ type }) => type !== 'fetch') }
}

function withoutWaiting(state: ConversationState, input: Input): Step {
  const result = step(state, input)
  const persist = result.persist.map((effect) =>
    effect.type === 'put-event' ? { ...effect, row: { ...effect.row, shown: 1 } } : effect,
  )
  return { ...result, persist }
}

/** Its receipts are with the other device before the events are on its own disk. */
function eagerPeer(): typeof Peer {
  return class extends Peer {
    protected override commit(result: Step, alongside: Partial<Disk>): void {
      const hasReceipt = result.persist.some(({ type }) => type === 'receipt-due')
      const after = result.persist.reduce((disk, effect) => this.persist(disk, effect), this.disk)
      const row = [...after.outbox.values()].findLast(({ item }) => item.kind === 'receipt')
      if (hasReceipt && row !== undefined) this.world.tell(this.name, row.item)
      super.commit(result, alongside)
    }
  }
}

/** Its seals are with the other device before the used key is on its own disk. */
function hastyPeer(): typeof Peer {
  return class extends Peer {
    protected override commit(result: Step, alongside: Partial<Disk>): void {
      const row = [...(alongside.outbox?.values() ?? [])].findLast(({ item }) => item.kind === 'seal')
      if (alongside.keys !== undefined && row !== undefined) this.world.tell(this.name, row.item)
      super.commit(result, alongside)
    }
  }
}
