import type {
  AccountId,
  ConversationId,
  DeviceId,
  EventId,
  InvitationId,
  ReadonlyStore,
  RelayId,
  RequestId,
  ThingId,
} from '@sotto/interface'

/** What an own message has reached. Never goes back. */
export type OwnState = 'queued' | 'sent' | 'delivered' | 'read'
/** Others' messages. */
export type PeerState = 'received' | 'read'
/** How a person can be reached now. `relayed`: by mailbox, a relay of the conversation answers. `partly`: none does, and some members of a group are connected directly. */
export type ConnectionKind = 'direct' | 'relayed' | 'partly' | 'none'
/** The path by which a message came. */
export type Via = 'direct' | 'gossip' | 'mailbox' | 'sync'

export interface SelfSnapshot {
  readonly account: AccountId
  readonly device: DeviceId
  readonly name: string
  /** True when a newer copy of this store was seen, or this device was revoked: nothing can be sent from here any more. */
  readonly retired: boolean
  /** Addresses of the relays that new invitations name. */
  readonly relays?: readonly string[]
  /** Nobody is connected to directly, and nobody is told where this device is. */
  readonly relaysOnly?: boolean
  /** True when that is because another device of the account has revoked this one. */
  readonly revoked?: boolean
}

export interface RelaySnapshot {
  readonly relay: RelayId
  readonly address: string
  readonly reachable: boolean
  /** Why not, in words for a person; absent while reachable. */
  readonly problem?: string
}

export interface RequestSnapshot {
  readonly id: RequestId
  readonly kind: 'contact' | 'group'
  /** Who asks: whoever says hello, or who invites into a group. */
  readonly account: AccountId
  readonly name: string
  readonly message: string
  readonly receivedAt: number
  /** Of a group, as its inviter calls it. */
  readonly title?: string
}

/** A group that one was invited into and is not in. `waiting`: has said yes, and whoever asked has to let them in. */
export interface AwaitedGroup {
  /** As the request had it. */
  readonly id: RequestId
  readonly conversation: ConversationId
  /** Who has invited. */
  readonly account: AccountId
  readonly name: string
  readonly title: string
  /** `taken-back` until a person has seen it, and says so with `decline`. */
  readonly state: 'waiting' | 'taken-back'
  readonly at: number
}

/** Pairs have no roles: everybody is a member there. */
export type Role = 'owner' | 'admin' | 'member'

export interface MemberSnapshot {
  readonly account: AccountId
  readonly name: string
  readonly role: Role
  /**
   * `joining`: has said yes, and its devices are not in yet; `leaving`: nothing is sent before it is out; `away`: its devices said nothing for 30
   * days and were set aside until they come back. Absent: in.
   */
  readonly state?: 'joining' | 'leaving' | 'away'
}

export interface MessageSnapshot {
  readonly id: EventId
  readonly author: AccountId
  readonly own: boolean
  readonly text: string
  /** Milliseconds since 1970 by the author's clock. */
  readonly sentAt: number
  readonly state: OwnState | PeerState
  readonly replyTo?: EventId
  /** An own message that is queued and will not leave any more: one is out of the conversation, or this device sends nothing now. */
  readonly unsent?: true
  /** Own messages in groups: how many accounts have it, how many of them have read it, of how many. */
  readonly reached?: { readonly delivered: number; readonly read: number; readonly of: number }
}

/**
 * Something that somebody did to the conversation; stands between messages. Whoever it is about, in `account`. In pairs only devices come and
 * go, until the other one has restored their account and the conversation goes on in a new one (`went-on`).
 */
export interface LineSnapshot {
  readonly line:
    | 'created'
    | 'added'
    | 'removed'
    | 'left'
    | 'renamed'
    | 'appointed'
    | 'demoted'
    | 'device-linked'
    | 'device-revoked'
    | 'device-set-aside'
    | 'device-back'
    | 'account-restored'
    | 'went-on'
  readonly id: ThingId
  readonly by: AccountId
  readonly account?: AccountId
  /** The title that `created` and `renamed` give. */
  readonly title?: string
  /** Milliseconds since 1970 by the author's clock. */
  readonly at: number
}

export type RowSnapshot = MessageSnapshot | GapSnapshot | LineSnapshot

/** A place where events are known to be missing. */
export interface GapSnapshot {
  readonly missing: number
  readonly author: AccountId
}

export interface ConversationSummary {
  readonly conversation: ConversationId
  readonly kind: 'pair' | 'group'
  readonly title: string
  /** `requested`: we asked and wait; `active`: both sides talk; `ended`: declined or blocked here, left or removed from. */
  readonly phase: 'requested' | 'active' | 'ended'
  /** By seniority in groups. */
  readonly members: readonly MemberSnapshot[]
  /** The other account of a pair. */
  readonly peer?: AccountId
  /** Our own. */
  readonly role: Role
  /** Accounts that were invited from here and have not answered. */
  readonly invited: readonly { readonly account: AccountId; readonly name: string }[]
  /** Somebody who is to be removed still holds the keys: messages wait until they are changed. */
  readonly rekeying: boolean
  readonly verified: boolean
  readonly unread: number
  readonly connection: ConnectionKind
  readonly last?: MessageSnapshot
  readonly updatedAt: number
}

export interface ConversationSnapshot extends ConversationSummary {
  /** Display order, oldest first; a gap stands where it is known. */
  readonly rows: readonly RowSnapshot[]
  readonly hasOlder: boolean
  /** People whom rows speak of and who are in no more. */
  readonly former: readonly { readonly account: AccountId; readonly name: string }[]
}

/** A device of this account. */
export interface DeviceSnapshot {
  readonly device: DeviceId
  /** The one that answers. */
  readonly current: boolean
  /** Milliseconds since 1970, as its certificate says. */
  readonly addedAt: number
  /** Revoked, or left behind when the account was restored: in some conversation it is out for good. */
  readonly retired?: true
}

export interface InvitationSnapshot {
  readonly invitation: InvitationId
  readonly link: string
  /** Milliseconds since 1970. */
  readonly expires: number
  readonly uses: number
  readonly used: number
  readonly state: 'open' | 'used' | 'expired' | 'revoked'
}

/** What waits to leave this device, and why it does. */
export interface WaitingSnapshot {
  readonly waiting: number
  /** The account or relay that it waits for. */
  readonly for: string
  readonly because: string
}

/** Everything a view shows outside an open conversation. Immutable; a new one after each change. */
export interface ClientSnapshot {
  readonly self: SelfSnapshot
  readonly online: boolean
  readonly relays: readonly RelaySnapshot[]
  readonly requests: readonly RequestSnapshot[]
  readonly awaited: readonly AwaitedGroup[]
  readonly conversations: readonly ConversationSummary[]
  readonly invitations: readonly InvitationSnapshot[]
  readonly waiting: readonly WaitingSnapshot[]
}

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
    answer: { rows: readonly RowSnapshot[] }
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
  deviceRevoke: { ask: { device: string }; answer: object }
}

export type IntentName = keyof Intents
export type Ask<N extends IntentName> = Intents[N]['ask']
export type Answer<N extends IntentName> = Intents[N]['answer']

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

/** The headless messenger: intents in, snapshots and facts out. `do` rejects with a `SottoError` whose message is a sentence for a person. */
export interface Client {
  readonly snapshot: ReadonlyStore<ClientSnapshot>
  /** The open conversation's rows; ends when the last subscriber leaves. */
  conversation(id: ConversationId): ReadonlyStore<ConversationSnapshot>
  subscribe(listener: (fact: Fact) => void): () => void
  do<N extends IntentName>(name: N, ask: Ask<N>): Promise<Answer<N>>
  /** Goes online. Intents work before, and queue. */
  start(): Promise<void>
  /** Drains the lanes, writes what is due, goes offline and closes the store. */
  stop(): Promise<void>
}
