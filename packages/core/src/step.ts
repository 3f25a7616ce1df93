import { accept, acceptServed } from './accept.ts'
import { takeBegins } from './begins.ts'
import { compose } from './compose.ts'
import { withConsequences } from './consequences.ts'
import { moveSent, noteDeposit, noteHold, noteSealed, sealDue } from './outbox.ts'
import { connect, takeMembers, takePeerHead } from './peers.ts'
import { markRead, noteControl, noteLacking, takeReceipt } from './receipts.ts'
import { begin, countSeal, noteHeadStored, takeHeadRecord } from './rollback.ts'
import { serveFetch } from './serve.ts'
import type { ConversationState } from './state.ts'
import { andThen, only } from './steps.ts'
import { flush, tick } from './time.ts'
import type { Input, Step } from './types.ts'

/**
 * The conversation's only transition: pure, synchronous and total for whatever a peer can cause. The caller commits
 * `persist` together with the new state, and only then does `after`.
 * Throws {@link ConversationError} for what only a mistake of the caller can cause.
 */
export function step(state: ConversationState, input: Input): Step {
  return withConsequences(state, apply(state, input))
}

/** What it says of where its author's log begins counts only with the rest of it. */
function receiptTaken(taken: Step, input: Extract<Input, { type: 'receipt' }>): Step {
  const isRefused = taken.after.some(({ type }) => type === 'refused')
  return isRefused ? taken : andThen(taken, (next) => takeBegins(next, input))
}

function apply(state: ConversationState, input: Input): Step {
  switch (input.type) {
    case 'start':
      return begin(state, input.boot)
    case 'members':
      return takeMembers(state, input)
    case 'control':
      return noteControl(state, input)
    case 'lacking':
      return noteLacking(state, input)
    case 'relays':
      return only(moveSent({ ...state, relays: input.count }))
    case 'compose':
      return compose(state, input)
    case 'seal-due':
      return sealDue(state)
    case 'sealed':
      return noteSealed(state, input)
    case 'committed':
      return countSeal(state, input.now)
    case 'opened':
      return accept(state, input)
    case 'served':
      return acceptServed(state, input)
    case 'receipt':
      return receiptTaken(takeReceipt(state, input), input)
    case 'fetch':
      return serveFetch(state, input)
    case 'head-record':
      return takeHeadRecord(state, input)
    case 'peer-head':
      return takePeerHead(state, input)
    case 'head-stored':
      return noteHeadStored(state, input)
    case 'deposited':
      return noteDeposit(state, input)
    case 'held':
      return noteHold(state, input)
    case 'connected':
      return connect(state, input)
    case 'read':
      return markRead(state, input)
    case 'receipts':
      return only({ ...state, receipts: { ...state.receipts, on: input.on } })
    case 'flush':
      return flush(state, input.now)
    case 'tick':
      return tick(state, input.now)
  }
}
