import type { AccountId, ConversationId, EventId } from '@sotto/interface'
import type { RequestSnapshot } from './snapshots/client-snapshots.ts'
import type { ConnectionKind } from './snapshots/conversation-snapshots.ts'
import type { LineSnapshot, MessageSnapshot, OwnState } from './snapshots/row-snapshots.ts'

/** The path by which a message came. */
export type Via = 'direct' | 'gossip' | 'mailbox' | 'sync'

/** What happened, for whoever watches: the lines of `sotto run`. */
export type Fact =
  | { readonly type: 'ready' }
  | { readonly type: 'request'; readonly request: RequestSnapshot }
  | {
      readonly type: 'message'
      readonly conversation: ConversationId
      readonly message: MessageSnapshot
      readonly via: Via
    }
  | {
      readonly type: 'state'
      readonly conversation: ConversationId
      readonly message: EventId
      readonly state: OwnState
    }
  | {
      readonly type: 'line'
      readonly conversation: ConversationId
      readonly line: LineSnapshot
      /** Whom it names: they may be out by the time that anybody looks. A name is empty when none is known. */
      readonly names: readonly { readonly account: AccountId; readonly name: string }[]
    }
  | { readonly type: 'connection'; readonly account: AccountId; readonly kind: ConnectionKind }
  | { readonly type: 'notice'; readonly name: NoticeName; readonly text: string }

/** Things that are not state and that a person should be told once. */
export type NoticeName =
  | 'accepted' // someone said yes to our request
  | 'invitation-taken-back' // into a group, by who made it
  | 'contact-restored' // somebody goes on with a device from the recovery words; older ones are out
  | 'device-retired'
  | 'device-revoked'
  | 'out-while-away' // this device was set aside, and then taken out by a decision
  | 'relay-lost'
  | 'set-aside' // this device was away for so long that it has to be let in again, which happens by itself
  | 'storage-full'
  | 'conversation-damaged' // it was left out at the start; the others work
  | 'identity-changed'
  | 'keys-unusable' // a contact's yes to a group, or another own device, came with keys that do not work
  | 'refused' // something that came was refused; counted, with its reason
