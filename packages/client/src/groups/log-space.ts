import type { AccountId } from '@sotto/interface'
import type { Kept } from './control.ts'

/** Things of a conversation, at most: what bounds memory. */
export const MAX_THINGS = 20_000
/** Bytes of what all of them say that does not pack: a newcomer's bundle has 3 MiB, for a Welcome and signatures too. */
export const MAX_OWN_WORDS = 1_048_576
/** Bytes of all attachments: commits and key packages. */
export const MAX_ATTACHED = 67_108_864

/** Things, their bytes that a bundle cannot point at elsewhere, and those attached. */
export interface Spent {
  readonly things: number
  readonly words: number
  readonly attached: number
}

export const NOTHING: Spent = { things: 0, words: 0, attached: 0 }
const ALL: Spent = { things: MAX_THINGS, words: MAX_OWN_WORDS, attached: MAX_ATTACHED }

/**
 * How the space of a control log is shared: an account may have as much as is left after it. One that says as much as it can comes to a half, a second
 * one to a third of all each, and whoever said little finds space to the end: also to remove the others. A value.
 */
export class LogSpace {
  readonly #all: Spent
  readonly #spent: ReadonlyMap<AccountId, Spent>

  private constructor(all: Spent, spent: ReadonlyMap<AccountId, Spent>) {
    this.#all = all
    this.#spent = spent
  }

  static readonly empty: LogSpace = new LogSpace(NOTHING, new Map())

  /** Whether an account may have so much more. */
  has(account: AccountId, more: Spent): boolean {
    const own = this.#spent.get(account) ?? NOTHING
    const isFree = (part: keyof Spent): boolean =>
      more[part] === 0 || own[part] + more[part] <= ALL[part] - this.#all[part] - more[part]
    return isFree('things') && isFree('words') && isFree('attached')
  }

  /** After an account has had so much, space or not. */
  without(account: AccountId, more: Spent): LogSpace {
    const own = this.#spent.get(account) ?? NOTHING
    return new LogSpace(plus(this.#all, more), new Map(this.#spent).set(account, plus(own, more)))
  }
}

export function plus(a: Spent, b: Spent): Spent {
  return { things: a.things + b.things, words: a.words + b.words, attached: a.attached + b.attached }
}

const LEAF_BYTES = 70
/** What every thing has: packed, next to nothing. */
const FRAME_BYTES = 100

/**
 * What a thing takes: itself, and what it says that nothing before it has said. Names of things that are here are pointed at in a bundle, and cost
 * nothing.
 */
export function spentOn({ record, thing: { body }, attachment }: Kept, isHere: (id: string) => boolean): Spent {
  const attached = attachment.length
  const unknown = (leaves: readonly { grant: string }[]): number =>
    LEAF_BYTES * leaves.filter(({ grant }) => !isHere(grant)).length
  switch (body.kind) {
    case 'commit':
      return { things: 1, words: unknown([...body.added, ...body.removed]), attached }
    case 'attest':
    case 'stale':
      return { things: 1, words: unknown([body.leaf]), attached }
    case 'create':
    case 'add':
    case 'grant':
    case 'recover':
    case 'rename':
      return { things: 1, words: Math.max(0, record.body.length - FRAME_BYTES), attached }
    default:
      return { things: 1, words: 0, attached }
  }
}
