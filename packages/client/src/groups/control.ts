import {
  analyze,
  emptyLog,
  isPlaced,
  thingsOf,
  withThing,
  type ControlLog,
  type Leaf,
  type Role,
  type Thing,
  type View,
} from '@sotto/group'
import type { AccountId, ConversationId, DeviceId, EpochId, Rows, ThingId } from '@sotto/interface'
import type { CheckedThing, Introduced } from './checked-thing.ts'
import { accountsStandingOn } from './standing-on.ts'
import { MAX_ATTACHED, MAX_THINGS, NOTHING, plus, LogSpace, spentOn, type Spent } from './log-space.ts'

/** Things of a conversation by one device: whoever says more is heard no further, and nobody else is kept from anything. */
export const MAX_THINGS_OF_DEVICE = 2_000
/** Of these, from devices that nothing has introduced yet. */
const MAX_UNPLACED = 1_000

/** What a store and a newcomer hold of a thing beside its meaning. */
export interface Kept extends CheckedThing {
  readonly attachment: Uint8Array
}

/**
 * A group's control log in memory: an immutable value with everything that a conversation asks of it. Things whose author nobody has
 * introduced yet wait; so do those that name things which are not here.
 */
export class Control {
  readonly log: ControlLog
  readonly kept: ReadonlyMap<ThingId, Kept>
  readonly #introduced: ReadonlyMap<DeviceId, Introduced>
  /** How far each device's chain is here without a gap. */
  readonly #reach: ReadonlyMap<DeviceId, { seq: number; id: ThingId }>
  readonly #unplaced: readonly Kept[]
  readonly #space: LogSpace
  #view: View | undefined
  #chains: ReadonlyMap<DeviceId, readonly Kept[]> | undefined
  #commits: ReadonlyMap<EpochId, ThingId> | undefined

  private constructor(parts: {
    log: ControlLog
    kept: ReadonlyMap<ThingId, Kept>
    introduced: ReadonlyMap<DeviceId, Introduced>
    reach: ReadonlyMap<DeviceId, { seq: number; id: ThingId }>
    unplaced: readonly Kept[]
    space: LogSpace
  }) {
    this.log = parts.log
    this.kept = parts.kept
    this.#introduced = parts.introduced
    this.#reach = parts.reach
    this.#unplaced = parts.unplaced
    this.#space = parts.space
  }

  static readonly empty: Control = new Control({
    log: emptyLog(),
    kept: new Map(),
    introduced: new Map(),
    reach: new Map(),
    unplaced: [],
    space: LogSpace.empty,
  })

  /** What the things that are here mean. Throws when not even the first one is: a group's log begins with it. */
  get view(): View {
    this.#view ??= analyze(this.log)
    return this.#view
  }

  /** There is no room for one more: of things whose author nobody has introduced, or at all. */
  get isTooFull(): boolean {
    return this.kept.size > MAX_THINGS || this.#unplaced.length > MAX_UNPLACED
  }

  /** Whether everything that was put in has its place. */
  get isWhole(): boolean {
    return this.placed.length === this.kept.size
  }

  /** Everything that has its place, with all before it: what a newcomer needs, and no more than that. */
  get placed(): readonly Kept[] {
    return thingsOf(this.log).flatMap(({ id }) => this.kept.get(id) ?? [])
  }

  /** A thing that has its place, with all before it. */
  placedAt(id: ThingId): Kept | undefined {
    return isPlaced(this.log, id) ? this.kept.get(id) : undefined
  }

  /** What is here of a device's chain, by place; two things in one place if it has said two there. */
  chainOf(device: DeviceId): readonly Kept[] {
    if (this.#chains === undefined) {
      const chains = new Map<DeviceId, Kept[]>()
      for (const kept of [...this.kept.values()].toSorted((a, b) => a.thing.seq - b.thing.seq)) {
        const chain = chains.get(kept.thing.device)
        if (chain === undefined) chains.set(kept.thing.device, [kept])
        else chain.push(kept)
      }
      this.#chains = chains
    }
    return this.#chains.get(device) ?? []
  }

  /** The commit of the path that leads to that epoch, as the rules judge it: others may name the same one. */
  commitTo(child: EpochId): Kept | undefined {
    this.#commits ??= new Map(
      this.view.effective.flatMap(({ id, body }): [EpochId, ThingId][] =>
        body.kind === 'commit' ? [[body.child, id]] : [],
      ),
    )
    const id = this.#commits.get(child)
    return id === undefined ? undefined : this.kept.get(id)
  }

  /** Everything that a thing stands on, and itself. */
  pastOf(thing: ThingId): ReadonlySet<ThingId> {
    const past = new Set<ThingId>()
    const open = [thing]
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const kept = this.kept.get(id)?.thing
      if (kept === undefined || past.has(id)) continue
      past.add(id)
      open.push(...kept.deps, ...(kept.prev === undefined ? [] : [kept.prev]))
    }
    return past
  }

  /** Undefined for accounts that should not be in. */
  roleOf(account: AccountId): Role | undefined {
    return this.view.accounts.find((entry) => entry.account === account)?.role
  }

  /** Leaves of the tree that should not be there. */
  get unwanted(): readonly Leaf[] {
    const { tree, desired } = this.view
    return tree.filter((leaf) => !desired.some(({ device, grant }) => device === leaf.device && grant === leaf.grant))
  }

  get isRekeying(): boolean {
    return this.unwanted.length > 0
  }

  /** Everybody who is in, or ever was. */
  get people(): ReadonlySet<AccountId> {
    return new Set([...this.#introduced.values()].map(({ account }) => account))
  }

  /** All their devices. */
  get devices(): Iterable<DeviceId> {
    return this.#introduced.keys()
  }

  introduced(device: DeviceId): Introduced | undefined {
    return this.#introduced.get(device)
  }

  /** What the account called itself when it came in. */
  nameOf(account: AccountId): string {
    for (const entry of [...this.#introduced.values()].toReversed())
      if (entry.account === account && entry.name !== '') return entry.name
    return ''
  }

  accountOf(device: DeviceId): AccountId | undefined {
    return this.#introduced.get(device)?.account
  }

  /** The newest thing of a device with all before it here: `seq` 0 when there is none. */
  reachOf(device: DeviceId): { readonly seq: number; readonly id?: ThingId } {
    return this.#reach.get(device) ?? { seq: 0 }
  }

  reaches(): ReadonlyMap<DeviceId, { readonly seq: number }> {
    return this.#reach
  }

  /**
   * Which account's space a thing takes that others bring: its author's, or that of somebody whose thing waits for it here. Nobody's when neither has any
   * left: then it is not kept. `unknown` of an author whom nobody has introduced.
   */
  payerOf(kept: Kept): AccountId | 'unknown' | undefined {
    const { id, device } = kept.thing
    const account = this.accountOf(device)
    if (account === undefined) {
      const attached = this.#unplaced.reduce((sum, { attachment }) => sum + attachment.length, kept.attachment.length)
      return attached > MAX_ATTACHED ? undefined : 'unknown'
    }
    const known = this.kept.get(id)
    const spent = this.#spentOn(kept, known)
    if (this.#space.has(account, spent)) return account
    return accountsStandingOn(this.log, id).find((other) => other !== account && this.#space.has(other, spent))
  }

  /** Whether an account has space for all these that it brings. */
  hasSpace(account: AccountId, things: readonly Kept[]): boolean {
    const fresh = things.filter(({ thing }) => !this.kept.has(thing.id))
    const all = fresh.reduce((sum, kept) => plus(sum, this.#spentOn(kept, undefined)), NOTHING)
    return this.#space.has(account, all)
  }

  #spentOn(kept: Kept, known: Kept | undefined): Spent {
    const spent = spentOn(kept, (id) => this.kept.has(id as ThingId))
    return known === undefined ? spent : { things: 0, words: 0, attached: spent.attached }
  }

  /**
   * The log with these things; what is here already changes nothing: the answer is the same object then. A grant of another account's device
   * is not kept. They take the space of their authors, or of `payer`.
   */
  with(things: readonly Kept[], payer?: AccountId): Control {
    const fresh = things.filter(({ thing, attachment }) => {
      const known = this.kept.get(thing.id)
      return known === undefined || (known.attachment.length === 0 && attachment.length > 0)
    })
    if (fresh.length === 0) return this
    const kept = new Map(this.kept)
    const introduced = new Map(this.#introduced)
    const reach = new Map(this.#reach)
    let space = this.#space
    for (const thing of fresh) {
      kept.set(thing.thing.id, thing)
      const known = this.kept.get(thing.thing.id)
      const account = introduced.get(thing.thing.device)?.account
      if (known !== undefined && account !== undefined)
        space = space.without(payer ?? account, this.#spentOn(thing, known))
      // An acceptance or a create proves whose devices it names; a grant counts for its author's account only.
      if (thing.thing.body.kind !== 'grant') introduce(introduced, thing)
    }
    let { log } = this
    let waiting = [...this.#unplaced, ...fresh.filter(({ thing }) => !this.kept.has(thing.id))]
    for (let before = Infinity; waiting.length < before;) {
      before = waiting.length
      const unplaced: Kept[] = []
      for (const entry of waiting) {
        const account = introduced.get(entry.thing.device)?.account
        if (account === undefined) {
          unplaced.push(entry)
          continue
        }
        if (entry.thing.body.kind === 'grant') {
          if (entry.introduced.some((device) => device.account !== account)) {
            kept.delete(entry.thing.id)
            continue
          }
          introduce(introduced, entry)
        }
        space = space.without(
          payer ?? account,
          spentOn(entry, (id) => kept.has(id as ThingId)),
        )
        const placed = withThing(log, { ...entry.thing, account })
        log = placed.log
        for (const thing of placed.added) extend(reach, thing)
      }
      waiting = unplaced
    }
    return new Control({ log, kept, introduced, reach, unplaced: waiting, space })
  }
}

function introduce(known: Map<DeviceId, Introduced>, { introduced }: CheckedThing): void {
  for (const entry of introduced) if (!known.has(entry.device)) known.set(entry.device, entry)
}

function extend(reach: Map<DeviceId, { seq: number; id: ThingId }>, { device, seq, id }: Thing): void {
  if (seq > (reach.get(device)?.seq ?? 0)) reach.set(device, { seq, id })
}

/** The row that keeps a thing. */
export function controlRow(
  conversation: ConversationId,
  { thing, record, attachment }: Kept,
  receivedAt: number,
): Rows['control'] {
  return {
    conversation,
    thing: thing.id,
    device: thing.device,
    cseq: thing.seq,
    body: record.body,
    signature: record.signature,
    attachment,
    receivedAt,
  }
}
