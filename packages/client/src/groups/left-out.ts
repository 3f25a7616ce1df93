import { roster, type Leaf } from '@sotto/group'
import type { Conversation } from '../conversation/conversation.ts'

/** Leaves of the tree by the rules whose devices hold nothing: their key packages did not work when they were to come in. None while we do not follow. */
export function leftOut({ control, tip }: Conversation): readonly Leaf[] {
  if (control === undefined || control.view.tip !== tip.epochId) return []
  const there = new Set(roster(tip).map(({ device }) => device))
  return control.view.tree.filter(({ device }) => !there.has(device))
}
