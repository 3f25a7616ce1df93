import type { Conversation } from './conversation.ts'
import { nextPhase, type Happening } from './phase.ts'

/** That has happened. Receipts are given by who is in. False when it leads nowhere from here. Runs in the lane. */
export async function move(conversation: Conversation, happening: Happening): Promise<boolean> {
  const { kind, row, context, outlet } = conversation
  const phase = nextPhase(kind, row.phase, happening)
  if (phase === row.phase) return false
  await conversation.step({ type: 'receipts', on: phase === 'active', now: context.clock.now() }, { happening })
  if (phase === 'ended') outlet.ended(conversation)
  retireIfOut(conversation)
  return true
}

/** Out of what holds an account's devices together: this one is none of them any more. */
export function retireIfOut({ kind, row, outlet }: Conversation): void {
  if (kind === 'self' && row.phase === 'ended') outlet.retire('revoked')
}
