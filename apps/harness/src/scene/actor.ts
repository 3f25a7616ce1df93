import type { Line } from '../peers/lines.ts'

/** Somebody who takes part in a scene, at a terminal or at a page. All that it does and sees goes into the history. */
export interface Actor {
  readonly name: string
  readonly account: string
  readonly isUp: boolean
  /** Resolves when it is online. */
  start(): Promise<void>
  /** Resolves when its processes are gone. @default SIGKILL */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Says a text. Resolves when it is kept, or refused, or the process was killed before it answered; the history tells which. */
  say(conversation: string, text: string): Promise<void>
  /** Everything that it shows of a conversation. */
  list(conversation: string): Promise<readonly Line[]>
  /** Its conversations, and who is in them. */
  roster(): Promise<readonly Line[]>
  /** Says yes to the invitation into a group that it is told of after the first `from` entries of the history. */
  acceptGroup(group: { readonly conversation: string; readonly title: string }, from: number): Promise<void>
  /** Fetches and sends all that can be, receipts too. Resolves when that is done; at a page at once, since nothing there can ask for it. */
  sync(): Promise<void>
}
