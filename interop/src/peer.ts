import type { Kind } from './plan.ts'

/** What a commit is to do. Key packages are TLS-encoded KeyPackages, members are named by their id. */
export interface Change {
  readonly add: readonly Uint8Array[]
  readonly remove: readonly number[]
  readonly withPath?: boolean
  readonly withExtensions?: boolean
}

/** Encoded MLSMessages. */
export interface Made {
  readonly commit: Uint8Array
  readonly welcome?: Uint8Array
}

export type Heard =
  | { readonly type: 'commit' | 'proposal' | 'removed' }
  | { readonly type: 'text'; readonly text: string }

/** What every member of an epoch must see alike. */
export interface View {
  readonly epoch: bigint
  /** MLS-Exporter("exporter", "", 32), the one value of the key schedule that both implementations give out. */
  readonly exporter: string
  readonly members: readonly string[]
  /** Ours only: OpenMLS as it is packaged does not give it out. */
  readonly authenticator?: string
}

/** One member, whichever implementation it runs. What it cannot do, or refuses, it throws. */
export interface Peer {
  readonly id: number
  readonly kind: Kind
  /** For one Welcome. */
  keyPackage(): Promise<Uint8Array>
  found(): Promise<void>
  join(welcome: Uint8Array): Promise<void>
  /** An MLSMessage with everything an external commit needs; with the commit that had to come before it, if any. */
  groupInfo(): Promise<{ readonly info: Uint8Array; readonly before?: Made }>
  enter(info: Uint8Array): Promise<Made>
  commit(change: Change): Promise<Made>
  commitProposed(): Promise<Made>
  receive(message: Uint8Array): Promise<Heard>
  send(text: string): Promise<Uint8Array>
  view(): Promise<View>
}

export const GROUP_ID: Uint8Array = new TextEncoder().encode('interop')

/** The identity in a member's credential: OpenMLS as it is packaged takes Wire's form only. */
export function nameOf(id: number): string {
  return `${uuidOf(id)}:${id.toString(16)}@${DOMAIN}`
}

export const DOMAIN = 'interop.test'

export function uuidOf(id: number): string {
  return `00000000-0000-4000-8000-${id.toString().padStart(12, '0')}`
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
