import type { ConversationState } from './state.ts'
import type { Refusal, Step } from './types.ts'

/** A state without further effects. */
export function only(state: ConversationState): Step {
  return { state, persist: [], after: [] }
}

/** An input that was not taken. */
export function refusal(state: ConversationState, reason: Refusal): Step {
  return { state, persist: [], after: [{ type: 'refused', reason }] }
}

/** One thing after another within one input. */
export function andThen(first: Step, next: (state: ConversationState) => Step): Step {
  const second = next(first.state)
  return {
    state: second.state,
    persist: [...first.persist, ...second.persist],
    after: [...first.after, ...second.after],
  }
}
