import type { AccountId, ConversationId, EventId, InvitationId } from '@sotto/interface'
import type {
  AwaitedGroup,
  DeviceSnapshot,
  InvitationSnapshot,
  RelaySnapshot,
  RequestSnapshot,
  WaitingSnapshot,
} from '../snapshots/client-snapshots.ts'
import type { ConnectionKind, ConversationSnapshot, ConversationSummary } from '../snapshots/conversation-snapshots.ts'
import type { OwnState, RowSnapshot } from '../snapshots/row-snapshots.ts'

/** What a preview of an invitation shows before anything is sent. */
export interface InvitationPreview {
  readonly inviter: string
  readonly account: AccountId
  readonly expires: number
}

/** What can be asked of a client, and what it answers: the `do` words of the command line, same fields. */
export interface Intents {
  invite: {
    ask: { uses?: number; /** Milliseconds from now. @default 7 days */ expiresIn?: number; base?: string }
    answer: { invitation: InvitationId; link: string; expires: string; uses: number }
  }
  invitations: { ask: object; answer: { rows: readonly InvitationSnapshot[] } }
  revoke: { ask: { id: string }; answer: object }
  /** Fetches and checks an invitation without telling anyone. */
  preview: { ask: { link: string }; answer: InvitationPreview }
  join: {
    ask: { link: string; message?: string }
    answer: { conversation: ConversationId; state: 'requested'; inviter: string }
  }
  requests: { ask: object; answer: { rows: readonly RequestSnapshot[] } }
  accept: { ask: { id: string }; answer: { conversation: ConversationId } }
  decline: { ask: { id: string }; answer: object }
  block: { ask: { account: string }; answer: object }
  conversations: { ask: object; answer: { rows: readonly ConversationSummary[] } }
  send: {
    ask: {
      conversation: string
      text: string
      replyTo?: string
      /** 32 random bytes in hex, new for each message: asked again with the same key, it is not sent again. */
      once?: string
      wait?: OwnState
      /** Milliseconds. */
      timeout?: number
    }
    answer: { message: EventId; state: OwnState; reached: boolean }
  }
  messages: {
    /** `lines`: also what people did to the conversation, between the messages. */
    ask: { conversation: string; limit?: number; lines?: boolean }
    /** `former`: who was in before, and what they were called. */
    answer: { rows: readonly RowSnapshot[]; former: ConversationSnapshot['former'] }
  }
  read: { ask: { conversation: string }; answer: object }
  /** Widens an open conversation's snapshot by 200 older messages. */
  older: { ask: { conversation: string }; answer: object }
  sync: {
    ask: { timeout?: number }
    answer: { received: number; sent: number; queued: number; complete: boolean; problem?: string }
  }
  status: {
    ask: object
    answer: {
      relays: readonly RelaySnapshot[]
      connections: readonly { account: AccountId; kind: ConnectionKind }[]
      waiting: readonly WaitingSnapshot[]
      awaited: readonly AwaitedGroup[]
    }
  }
  safety: { ask: { conversation: string }; answer: { account: AccountId; safetyNumber: string; verified: boolean } }
  verify: { ask: { account: string }; answer: { account: AccountId; safetyNumber: string; verified: boolean } }
  rename: { ask: { name: string }; answer: object }
  /** Before there is a name: makes this a new device of the account of these 24 words. Nobody has met the account that was made here first. */
  restore: { ask: { name: string; phrase: string }; answer: object }
  /** What was typed and not sent; an empty text drops it, and so does sending that text. */
  keepDraft: { ask: { conversation: string; text: string }; answer: object }
  drafts: { ask: object; answer: { rows: readonly { conversation: ConversationId; text: string }[] } }
  settings: {
    ask: object
    answer: {
      name: string
      /** Addresses of the relays that are named in new invitations. */
      relays: readonly string[]
      /** No addresses are given to others, and nobody is connected to directly. */
      relaysOnly: boolean
      /** Whether one protects this store; absent where none can be set. */
      passphrase?: boolean
    }
  }
  setRelays: { ask: { relays: readonly string[] }; answer: object }
  setRelaysOnly: { ask: { on: boolean }; answer: object }
  /** `old` is the one that is set now; without `next` there is none any more. */
  setPassphrase: { ask: { next?: string; old?: string }; answer: object }
  /** Everyone must accept; `members` are contacts. */
  groupCreate: {
    ask: { title: string; members: readonly string[] }
    answer: { conversation: ConversationId; invited: readonly AccountId[] }
  }
  /** Invites a contact into the group. */
  groupAdd: { ask: { conversation: string; account: string }; answer: object }
  /** Also takes back an invitation that was made from here and is not answered. */
  groupRemove: { ask: { conversation: string; account: string }; answer: object }
  groupRole: { ask: { conversation: string; account: string; role: 'admin' | 'member' }; answer: object }
  groupLeave: { ask: { conversation: string }; answer: object }
  groupRename: { ask: { conversation: string; title: string }; answer: object }
  devices: { ask: object; answer: { rows: readonly DeviceSnapshot[] } }
  /** Certifies the new device that shows this code. The client must be online; resolves when the new device can enter. */
  deviceLink: { ask: { code: string }; answer: { device: string } }
  /** Gives up every linking that waits for its new device (`link-stopped`). One whose device has answered goes on. */
  deviceLinkStop: { ask: object; answer: object }
  deviceRevoke: { ask: { device: string }; answer: object }
}

export type IntentName = keyof Intents

export type Ask<N extends IntentName> = Intents[N]['ask']

export type Answer<N extends IntentName> = Intents[N]['answer']
