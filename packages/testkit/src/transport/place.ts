import type { Address, DirectSession, MailboxId, MailboxKey, MailboxParams, Relay, Transport } from '@sotto/interface'

/** A started transport, and what it was told. */
export interface NetPeer {
  readonly transport: Transport
  readonly begun: DirectSession[]
  readonly ended: DirectSession[]
  readonly received: { readonly session: DirectSession; readonly envelope: Uint8Array }[]
  readonly mail: MailboxId[]
  readonly signals: { readonly mailbox: MailboxId; readonly record: Uint8Array }[]
  /** Whether a relay could be reached, each time that this changed. */
  readonly relays: boolean[]
  /** What `onEnvelope` answers, from now on. */
  answer: () => Promise<boolean>
}

/** One network with one relay, and with nobody in it at first. */
export interface NetPlace {
  readonly relay: Address
  /** Seconds since 1970 at the relay. */
  readonly now: number
  /** `word`: who says another one in hello is not let in. */
  peer(word?: string): Promise<NetPeer>
  key(seed: number): Promise<MailboxKey>
  /** Stops the relay, or starts it with what it had stored. */
  setRelay(isUp: boolean): Promise<void>
  dispose(): Promise<void>
}

export type NetChecks = Readonly<Record<string, (place: NetPlace) => Promise<void>>>

/** A new path from the one to the other. */
export async function connect(from: NetPeer, to: NetPeer, context = 'talk'): Promise<DirectSession> {
  const dialled = await dial(from, to, context)
  if (!dialled.ok) throw new Error(`not connected: ${dialled.reason}`)
  await until(() => liveAt(to, context).length > 0)
  return dialled.value
}

export async function dial(from: NetPeer, to: NetPeer, context = 'talk'): ReturnType<Transport['dial']> {
  to.transport.expect(from.transport.peerId, Number.POSITIVE_INFINITY)
  return from.transport.dial(to.transport.peerId, to.transport.addresses, context)
}

/** The paths of a peer that have begun and not ended. */
export function liveAt({ begun, ended }: NetPeer, context = 'talk'): DirectSession[] {
  return begun.filter((session) => session.context === context && !ended.includes(session))
}

/** The relay as a peer sees it, once it answers. */
export async function relayOf({ transport }: NetPeer, place: NetPlace): Promise<Relay> {
  const relay = transport.relay(place.relay)
  await until(() => relay.reachable)
  return relay
}

/** A mailbox with its keys; what is not said is as for a content lane. */
export async function mailboxOf(
  place: NetPlace,
  about: Partial<MailboxParams> & { readonly seed?: number; readonly writers?: number } = {},
): Promise<{ params: MailboxParams; readKey: MailboxKey; writeKeys: readonly [MailboxKey, ...MailboxKey[]] }> {
  const { seed = 1, writers = 1, ...params } = about
  const readKey = await place.key(seed)
  const first = await place.key(seed + 1)
  const others = await Promise.all(Array.from({ length: writers - 1 }, (_, index) => place.key(seed + 2 + index)))
  const writeKeys = [first, ...others] as const
  const keys = { readKey: readKey.publicKey, writeKeys: writeKeys.map(({ publicKey }) => publicKey) }
  return {
    params: { lane: 'content', capacity: 0, expiresAt: 0, powBits: 0, ...keys, ...params },
    readKey,
    writeKeys,
  }
}

export function bytes(mark: number, length: number): Uint8Array {
  return new Uint8Array(length).fill(mark)
}

export function tag(mark: number): Uint8Array {
  return bytes(mark, 16)
}

/** Waits for a fact, up to 30 s. */
export async function until(look: () => boolean): Promise<void> {
  const end = performance.now() + 30_000
  while (!look()) {
    if (performance.now() > end) throw new Error(`waited in vain for ${look.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}
