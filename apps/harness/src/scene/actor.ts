import type { Line } from '../peers/lines.ts'

/** Somebody who takes part in a scene, at a terminal or at a page. All that it does and sees goes into the history. */
export interface Actor {
  readonly name: string
  readonly account: string
  /** Key of the device; no page shows its own, so that of a page is known only where another device has linked it. */
  readonly device: string | undefined
  readonly isUp: boolean
  /** Resolves when it is online. */
  start(): Promise<void>
  /** Resolves when its processes are gone. @default SIGKILL */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Says a text. Resolves when it is kept, or refused, or the process was killed before it answered; the history tells which. */
  say(conversation: string, text: string): Promise<void>
  /** Everything that it shows of a conversation. Of a page that is not up, nothing: nobody can read its disk. */
  list(conversation: string): Promise<readonly Line[]>
  /** Its conversations, and who is in them. */
  roster(): Promise<readonly Line[]>
  /** Says that a person has seen what is there; a page does so by showing it. */
  read(conversation: string): Promise<void>
  /** Resolves when each of these texts of others has been told to it, or stands there. */
  hears(conversation: string, texts: readonly string[]): Promise<void>
  /** Resolves when it knows, told or listed, that each of its own messages is with all who are to have it. */
  learnsDelivered(conversation: string, messages: readonly OwnMessage[]): Promise<void>
  /** Resolves when it is told that another device of its account has revoked it. */
  learnsRevoked(): Promise<void>
  /** Says yes to the invitation into a group that it is told of after the first `from` entries of the history. */
  acceptGroup(group: { readonly conversation: string; readonly title: string }, from: number): Promise<void>
  leaveGroup(conversation: string): Promise<void>
  /** Fetches and sends all that can be, receipts too. Resolves when that is done; at a page at once, since nothing there can ask for it. */
  sync(): Promise<void>
}

/** A message that somebody has said. */
export interface OwnMessage {
  readonly id: string
  readonly text: string
}

export function isDelivered(state: unknown): boolean {
  return state === 'delivered' || state === 'read'
}
