import type { Result } from './decoded.ts'
import type { Address, MailboxId, RelayId } from './ids.ts'
import type { AbortOptions, MaybePromise } from './ports.ts'

/** A key that signs for a mailbox: reads with the read key, writes with a write key. `seed` is an Ed25519 seed. */
export interface MailboxKey {
  readonly publicKey: Uint8Array
  readonly seed: Uint8Array
}

export type Lane = 'content' | 'control' | 'knock'

/** What makes a mailbox: its id is the hash of these, so nobody can create it with others. */
export interface MailboxParams {
  readonly lane: Lane
  readonly readKey: Uint8Array
  readonly writeKeys: readonly Uint8Array[]
  /** Knock mailboxes: how many knocks are taken in all. Others: 0 (the relay's own quota holds). */
  readonly capacity: number
  /** Knock mailboxes: seconds since 1970. Others: 0 (entries age by lane: content 21 days, control 90 days). */
  readonly expiresAt: number
  /** Leading zero bits of the proof of work that each PUT needs (knock); others 0. */
  readonly powBits: number
}

export interface MailboxEntry {
  readonly seq: number
  /** 16 bytes, the same at every relay only for who knows the generation key. */
  readonly tag: Uint8Array
  readonly bytes: number
}

/** Why a relay did not do as asked. `unreachable` is ours: no answer in time, or the connection ended. */
export type RelayRefusal =
  | 'unknown' // no such mailbox or blob, or not your key: a relay does not say which
  | 'full'
  | 'expired'
  | 'quota'
  | 'too-large'
  | 'bad-request'
  | 'proof-of-work'
  | 'busy'
  | 'unreachable'

export type RelayResult<T> = Result<T, RelayRefusal>

/** One relay as a client sees it. Reconnects by itself with back-off while the transport runs; refusals are values. */
export interface Relay {
  readonly id: RelayId
  readonly address: Address
  /** True while a mailbox session is open. */
  readonly reachable: boolean
  /** Why the last attempt to reach it failed, for people: 'refused', 'timeout', 'wrong-peer', 'unsupported'. */
  readonly problem: string | undefined
  create(params: MailboxParams, readKey: MailboxKey, options?: AbortOptions): Promise<RelayResult<MailboxId>>
  /** Resolves after the relay's fsync. The same tag again is a no-op that answers the first `seq`. */
  put(
    mailbox: MailboxId,
    writeKey: MailboxKey,
    entry: { tag: Uint8Array; body: Uint8Array; knock?: Uint8Array; powBits?: number },
    options?: AbortOptions,
  ): Promise<RelayResult<{ seq: number }>>
  /** Entries after `after`, at most 256, oldest first. */
  list(
    mailbox: MailboxId,
    readKey: MailboxKey,
    after: number,
    options?: AbortOptions,
  ): Promise<RelayResult<{ entries: readonly MailboxEntry[]; last: number }>>
  get(
    mailbox: MailboxId,
    readKey: MailboxKey,
    seqs: readonly number[],
    options?: AbortOptions,
  ): Promise<RelayResult<readonly { seq: number; body: Uint8Array }[]>>
  /** Keeps being told about new entries and signals (see {@link TransportEvents}) until `unsubscribe`, also after reconnects. */
  subscribe(
    mailboxes: readonly { mailbox: MailboxId; readKey: MailboxKey }[],
    options?: AbortOptions,
  ): Promise<RelayResult<void>>
  unsubscribe(mailboxes: readonly MailboxId[]): void
  /** One record of exactly 2,048 bytes to whoever is subscribed now; the relay keeps it in memory for at most 60 s. */
  signal(
    mailbox: MailboxId,
    writeKey: MailboxKey,
    record: Uint8Array,
    options?: AbortOptions,
  ): Promise<RelayResult<void>>
  putBlob(
    blob: { id: Uint8Array; ownerKey: MailboxKey; bytes: Uint8Array; expiresAt: number },
    options?: AbortOptions,
  ): Promise<RelayResult<void>>
  getBlob(id: Uint8Array, options?: AbortOptions): Promise<RelayResult<Uint8Array>>
  deleteBlob(id: Uint8Array, ownerKey: MailboxKey, options?: AbortOptions): Promise<RelayResult<void>>
}

/**
 * The proof of who is on the other end of a direct connection, made and checked above net (net cannot name a device).
 * Both sides' PeerIds and roles are bound into it. Any answer of `undefined` closes the connection silently.
 */
export interface Hello {
  /** Bytes that prove us to the listener, for the conversation that `context` names (opaque to net). */
  dial(context: string, peers: { dialler: string; listener: string }): MaybePromise<Uint8Array>
  /** The listener's side: who that is, and our proof; `context` is then the session's. */
  accept(
    proof: Uint8Array,
    peers: { dialler: string; listener: string },
  ): MaybePromise<{ context: string; reply: Uint8Array } | undefined>
  /** The dialler's check of the listener's proof. */
  confirm(context: string, reply: Uint8Array, peers: { dialler: string; listener: string }): MaybePromise<boolean>
}

/** How a direct session reaches the other device, read from the connection itself. */
export interface PathFacts {
  readonly direct: boolean
  readonly transport: 'webrtc' | 'webrtc-direct' | 'tcp' | 'ws'
  readonly multiplexer: string
  readonly encryption: string
}

/** A proven, direct, long-lived path to one device, for one conversation. */
export interface DirectSession {
  readonly context: string
  readonly peer: string
  readonly path: PathFacts
  /** Resolves true when the other device has said that it holds the envelope durably; false when it could not take it now, or when the session ended first. */
  send(envelope: Uint8Array): Promise<boolean>
  close(): void
}

/**
 * A gossip topic: what one member publishes reaches the others by way of those it is connected with, over direct connections only. A hint path:
 * anything may get lost, nothing is acknowledged, nothing comes in order. Ends with `leave` and with the transport's `stop`.
 */
export interface Topic {
  /**
   * Who takes part: the PeerIds with which hello has proved membership. Replaces the list before. Nobody else is sent anything or listened to; one that
   * is not connected directly now takes part as soon as it is.
   */
  setPeers(peers: readonly string[]): void
  /**
   * Throws `NetError` `too-large` for more than fits one envelope. What is published while none of those that were named is there waits for the first
   * one, as long as it is not too much. The same bytes go out once in two minutes.
   */
  publish(envelope: Uint8Array): void
  /** How many of them can be reached now, without anybody in between. */
  readonly peers: number
  leave(): void
}

export interface TransportEvents {
  /** An envelope came over a direct session. The ack goes out when the promise resolves true; else the other side keeps it. */
  onEnvelope(session: DirectSession, envelope: Uint8Array): Promise<boolean>
  /**
   * An envelope came over a topic: each once in two minutes, never one of our own, made by whoever knows the topic's key. The next one waits for the
   * promise; when too many wait, they get lost.
   */
  onGossip?(topic: string, envelope: Uint8Array): Promise<unknown> | void
  onSession(session: DirectSession): void
  onSessionEnd(session: DirectSession): void
  /** New entries in a subscribed mailbox (only that there are some: list them). */
  onMail(relay: RelayId, mailbox: MailboxId): void
  onSignal(relay: RelayId, mailbox: MailboxId, record: Uint8Array): void
  /** A relay became reachable or ceased to be. */
  onRelay(relay: Relay): void
  /** The addresses under which others can reach this peer changed. */
  onAddresses(addresses: readonly Address[]): void
}

/** Everything that the client needs of the network. Sees sealed bytes only. */
export interface Transport {
  /** Our PeerId of this start, in text form. */
  readonly peerId: string
  readonly addresses: readonly Address[]
  start(events: TransportEvents, hello: Hello): Promise<void>
  stop(): Promise<void>
  /** The relay at that address, connecting if this is the first time. Throws `NetError` code `bad-address` for what is no relay address. */
  relay(address: Address): Relay
  /** Relays that are waited for before they are tried again are tried now: somebody asks for them. */
  hurry(): void
  /** Stops keeping a connection to it. */
  forget(relay: RelayId): void
  /** Allows that PeerId to reach us over a circuit until `until` (ms since 1970); others are refused there. */
  expect(peer: string, until: number): void
  /** Tries the addresses in the transport's order of preference, then hello. A second call for the same peer joins the first. */
  dial(
    peer: string,
    addresses: readonly Address[],
    context: string,
    options?: AbortOptions,
  ): Promise<Result<DirectSession, 'unreachable' | 'refused' | 'not-direct'>>
  /**
   * Takes part in a topic, at first with nobody. `name` shows on connections to its peers and must say nothing to anybody else: at most 64 characters
   * of `[0-9a-z]`, derived from a secret. What was not made with `key` (32 bytes) is refused before anything else looks at it, and held against
   * who sent it. Throws `NetError` `topic-joined` for a name that is joined already, `bad-topic` for another form.
   */
  topic(about: { readonly name: string; readonly key: Uint8Array }): Topic
}
