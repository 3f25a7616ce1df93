import type { Line } from '../peers/lines.ts'

/** What takes part in a scenario, as a process of its own. */
export type Kind = 'relay' | 'terminal' | 'page'

/** Something that the harness did or saw. `who`: the name that the scenario gave; `at`: milliseconds since the scenario began. */
export type Entry = Happened & { readonly at: number; readonly who: string }

export type Happened =
  /** Somebody set up a home. `of`: by linking it to that other device, whose account it shares. A page does not show its device. */
  | { readonly type: 'account'; readonly account: string; readonly device?: string; readonly of?: string }
  /** The process is being started; it can do things from now on. */
  | { readonly type: 'start'; readonly kind: Kind }
  /** The process has ended; it has done nothing since. */
  | { readonly type: 'gone'; readonly signal: string }
  | { readonly type: 'ask'; readonly ref: string; readonly do: string; readonly fields: Line }
  /** `line`: the whole answer. `ok`: false for a refusal. */
  | { readonly type: 'answer'; readonly ref: string; readonly ok: boolean; readonly line: Line }
  /** A fact that `sotto run` printed by itself: message, state, request, connection, notice. */
  | { readonly type: 'told'; readonly line: Line }
  /** Something that was waited for did not come. */
  | { readonly type: 'stuck'; readonly why: string }
