import { RECENT, step, type ConversationState, type Input, type Mark, type Step } from '../../src/index.ts'
import type { Disk } from './disk.ts'
import { Peer, type Stepper } from './peer.ts'
import { NO_PLANT, type Plant } from './world.ts'

/** Mistakes that could be made, each around the true `step`; the simulation must find every one of them. */
export const PLANTS: Readonly<Record<string, Plant>> = {
  'an event that is here is taken once more': stepped(withoutDedup),
  'the event before is not asked for': stepped(withoutPrev),
  'the latest receipt to arrive counts': stepped(lastReceiptWins),
  'one relay is enough for sent': stepped(oneRelaySuffices),
  'no check after a start': stepped(withoutHeadCheck),
  'nobody is asked for what is missing': stepped(withoutFetch),
  'gaps are shown at once': stepped(withoutWaiting),
  'a receipt leaves before its transaction': { ...NO_PLANT, peer: eagerPeer() },
  'a seal leaves before its transaction': { ...NO_PLANT, peer: hastyPeer() },
}

function stepped(around: (state: ConversationState, input: Input) => Step): Plant {
  const stepper: Stepper = around
  return { ...NO_PLANT, stepper }
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
  const none = { counter: 0, delivered: 0, read: 0 }
  const devices = state.devices.map((record) =>
    record.device === input.device ? { ...record, acknowledged: none } : record,
  )
  return step({ ...state, devices }, input)
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
