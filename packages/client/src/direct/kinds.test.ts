import { expect, test } from 'vitest'
import type { Fact } from '../fact.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { Kinds } from './kinds.ts'

/** Of a conversation and its surroundings, this is all that is looked at. */
function pairOf(id: string, device: string, isOver: boolean): Conversation {
  return { id, kind: 'pair', peer: 'dan', isOver, othersDevices: [device] } as unknown as Conversation
}

test('an ended pair says nothing of how its other side is reached, whatever comes first', () => {
  const pairs = [pairOf('new', 'new device', false), pairOf('old', 'lost device', true)]
  for (const conversations of [pairs, pairs.toReversed()]) {
    const told: Fact[] = []
    let isRelayThere = true
    const kinds = new Kinds({
      context: { emit: (fact: Fact) => void told.push(fact), changed() {} },
      sessions: { has: (device: string) => device === 'new device' },
      relays: { answerFor: () => isRelayThere },
      conversations: () => conversations,
    } as unknown as ConstructorParameters<typeof Kinds>[0])
    kinds.note()
    isRelayThere = false
    kinds.note()
    expect(told).toEqual([{ type: 'connection', account: 'dan', kind: 'direct' }])
  }
})
