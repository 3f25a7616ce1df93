import type { AfterEffect } from '@sotto/core'
import { decodeSignedRecord, encodeInner } from '@sotto/wire'
import { ask } from '../backfill/ask.ts'
import { answer } from '../backfill/give.ts'
import { sealOwn } from './sealing.ts'
import { emitShown, emitStates } from './facts.ts'
import type { Conversation } from './conversation.ts'
import { recordChanges, type RecordOutboxKind } from './queue-record.ts'

/** Does one thing that follows from a committed step. Runs in the conversation's lane. */
export async function follow(conversation: Conversation, effect: AfterEffect): Promise<void> {
  const { context, outlet } = conversation
  switch (effect.type) {
    case 'shown':
      return emitShown(conversation, effect.events)
    case 'state':
      return emitStates(conversation, effect)
    case 'seal-wanted':
      // The first words leave together, in the hello.
      if (conversation.row.phase !== 'founding' && outlet.canSend(conversation))
        await conversation.step({ type: 'seal-due' })
      return
    case 'seal':
      return isHeldBack(conversation) ? undefined : sealOwn(conversation, { ...effect, again: false })
    case 'serve':
      return isHeldBack(conversation) ? undefined : sealOwn(conversation, { ...effect, again: true })
    case 'serve-others':
      return answer(conversation, effect)
    case 'fetch':
      return ask(conversation, effect)
    case 'head-due':
      return queueRecord(conversation, 'head', effect.body)
    case 'echo-head':
      return echoHead(conversation, effect)
    case 'gaps':
      return
    case 'retire':
      return outlet.retire('rolled-back')
    case 'refused':
      context.logger.debug('refused', { reason: effect.reason })
      return
  }
}

/** Nothing is sealed for somebody who is to be out, nor by who is. It is asked for again when that is over. */
function isHeldBack(conversation: Conversation): boolean {
  const { control, state, row, isRekeying, isOver } = conversation
  const isLeftOut = control?.view.tree.every(({ device }) => device !== state.self) === true
  return isRekeying || isOver || isLeftOut || row.phase === 'away'
}

/** Signs a record and queues it. */
async function queueRecord(conversation: Conversation, kind: RecordOutboxKind, body: Uint8Array): Promise<void> {
  await conversation.context.store.commit(await recordChanges(conversation, kind, body))
  conversation.outlet.wake(conversation)
}

/** Gives a device its own newest head record back, as it signed it. */
function echoHead(conversation: Conversation, effect: Extract<AfterEffect, { type: 'echo-head' }>): void {
  const record = decodeSignedRecord(effect.signed)
  if (!record.ok) return
  conversation.outlet.tell(conversation, effect.device, encodeInner({ item: { case: 'head', value: record.value } }))
}
