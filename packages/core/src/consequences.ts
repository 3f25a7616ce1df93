import { ownRecord } from './devices.ts'
import { visibleGaps } from './gaps.ts'
import { stateEffects, tidyOutbox, unsealed } from './outbox.ts'
import { maySeal } from './rollback.ts'
import type { ConversationState } from './state.ts'
import type { AfterEffect, PersistEffect, Step } from './types.ts'

/** What follows from any change, whatever input made it. */
export function withConsequences(before: ConversationState, step: Step): Step {
  const state = tidyOutbox(step.state)
  if (state === before) return step
  const released: PersistEffect[] = state.released > before.released ? [{ type: 'release', upTo: state.released }] : []
  const wanted: AfterEffect[] = wantsSeal(before, state) ? [{ type: 'seal-wanted' }] : []
  const gaps: AfterEffect[] = gapsOf(before) === gapsOf(state) ? [] : [{ type: 'gaps' }]
  return {
    state,
    persist: [...step.persist, ...released],
    after: [...step.after, ...stateEffects(before, state), ...gaps, ...wanted],
  }
}

function wantsSeal(before: ConversationState, after: ConversationState): boolean {
  if (!maySeal(after) || unsealed(after) === undefined) return false
  if (!maySeal(before) || before.sealed.seq !== after.sealed.seq) return true
  return ownRecord(before).head.seq !== ownRecord(after).head.seq
}

function gapsOf(state: ConversationState): string {
  return visibleGaps(state)
    .map(({ author, from, to }) => `${author}:${from}-${to}`)
    .join()
}
