import type { AccountId, ConversationId, DeviceId, EpochId } from '@sotto/interface'

import { newDevice } from './devices.ts'
import type { ConversationState } from './state.ts'

/** What a conversation begins with. */
export interface NewConversation {
  readonly conversation: ConversationId
  readonly self: DeviceId
  readonly account: AccountId
  readonly epochId: EpochId
  /** How often this store has been started. */
  readonly boot: number
  /** False while it is somebody's request: then no receipts leave. */
  readonly receipts: boolean
}

/** A conversation that was founded or joined just now: nothing older can exist, so it may seal at once. */
export function newConversation(init: NewConversation): ConversationState {
  const { conversation, self, account, epochId, boot, receipts } = init
  return {
    conversation,
    self,
    epochId,
    floor: undefined,
    besides: [],
    relays: 0,
    devices: [newDevice(self, account)],
    sealed: { seq: 0, eventId: '' },
    outbox: [],
    sent: [],
    reached: { delivered: [], read: [] },
    released: 0,
    receipts: { on: receipts, counter: 0, due: undefined },
    lacking: undefined,
    fetches: 0,
    rollback: {
      stage: 'ready',
      boot,
      seals: 0,
      answered: [],
      returned: [],
      vouched: undefined,
      doubted: false,
      handed: undefined,
    },
  }
}
