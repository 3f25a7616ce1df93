import { oneOf, randomFrom, shuffled, type Random } from '../../packages/group/src/sim-rules/random.ts'

/** Whose code a member runs: this repository's engine, or OpenMLS. */
export type Kind = 'ours' | 'theirs'

export interface Member {
  readonly id: number
  readonly kind: Kind
}

/** What happens in a mixed group. Members are named by their id; who is added or comes in is new. */
export type Operation =
  | {
      readonly type: 'commit'
      readonly by: number
      readonly add: readonly Member[]
      readonly remove: readonly number[]
      /** Ours only: an UpdatePath also beside adds alone; new group context extensions in the same commit. */
      readonly withPath?: boolean
      readonly withExtensions?: boolean
    }
  /** `by` proposes in messages of their own, `committer` commits what was proposed, by reference. */
  | {
      readonly type: 'propose'
      readonly by: number
      readonly add: readonly Member[]
      readonly remove: readonly number[]
      readonly committer: number
    }
  /** Somebody comes in by an external commit, with the GroupInfo of `info`. */
  | { readonly type: 'enter'; readonly member: Member; readonly info: number }
  /** Two messages of `by` that arrive the wrong way round. */
  | { readonly type: 'talk'; readonly by: number }

export interface Plan {
  readonly founder: Kind
  readonly operations: readonly Operation[]
}

const FOUNDER = 1
const MOST = { ours: 14, theirs: 5 }
const FEWEST = { ours: 2, theirs: 1 }

/** The first commit of the founder, and `steps` operations after it: a function of the seed alone. */
export function planOf(seed: number, steps: number): Plan {
  const founder = seed % 2 === 1 ? 'theirs' : 'ours'
  const crowd = new Crowd(randomFrom(seed), founder)
  const add = [crowd.newcomer('ours'), crowd.newcomer('theirs'), crowd.newcomer('ours')]
  const first: Operation = { type: 'commit', by: FOUNDER, add, remove: [] }
  return { founder, operations: [first, ...Array.from({ length: steps }, () => crowd.next())] }
}

/** Who is in while a plan is being made. */
class Crowd {
  readonly #random: Random
  #members: readonly Member[]
  #nextId: number = FOUNDER + 1

  constructor(random: Random, founder: Kind) {
    this.#random = random
    this.#members = [{ id: FOUNDER, kind: founder }]
  }

  newcomer(kind: Kind): Member {
    const member = { id: this.#nextId++, kind }
    this.#members = [...this.#members, member]
    return member
  }

  next(): Operation {
    const dice = this.#random(100)
    if (dice < 34) return this.#change(this.#anybody(), { adds: 1 + this.#random(3), removes: 0 })
    if (dice < 56) return this.#change(this.#anybody(), { adds: 0, removes: 0 })
    if (dice < 74) return this.#change(this.#anybody(), { adds: this.#random(2), removes: 1 + this.#random(2) })
    if (dice < 84) return this.#proposal()
    if (dice < 92) return this.#entry()
    return { type: 'talk', by: this.#anybody().id }
  }

  #anybody(): Member {
    return this.#one(this.#members)
  }

  #one(members: readonly Member[]): Member {
    const member = oneOf(this.#random, members)
    if (member === undefined) throw new Error('a group without members')
    return member
  }

  #change(by: Member, wanted: { adds: number; removes: number }): Operation {
    const remove = this.#leavers(wanted.removes, [by.id])
    // OpenMLS as it is packaged adds or removes in one commit, not both.
    const adds = by.kind === 'theirs' && remove.length > 0 ? 0 : wanted.adds
    const change = { type: 'commit', by: by.id, add: this.#newcomers(adds), remove } as const
    return by.kind === 'ours' && adds > 0 && this.#random(2) === 0 ? { ...change, withPath: true } : change
  }

  #proposal(): Operation {
    const by = this.#one(this.#members.filter((member) => member.kind === 'ours'))
    const committer = this.#anybody()
    const remove = this.#leavers(this.#random(2), [by.id, committer.id])
    const add = this.#newcomers(remove.length === 0 ? 1 : this.#random(2))
    if (add.length + remove.length === 0) return { type: 'talk', by: by.id } // nobody can go, and there is no room
    return { type: 'propose', by: by.id, add, remove, committer: committer.id }
  }

  #entry(): Operation {
    const info = this.#anybody()
    const [member] = this.#newcomers(1)
    return member === undefined ? { type: 'talk', by: info.id } : { type: 'enter', member, info: info.id }
  }

  /** As many newcomers as there is room for. */
  #newcomers(count: number): Member[] {
    const kinds = Array.from({ length: count }, (): Kind => (this.#random(4) === 0 ? 'theirs' : 'ours'))
    return kinds.flatMap((kind) => (this.#count(kind) < MOST[kind] ? [this.newcomer(kind)] : []))
  }

  /** Ids of those who go, `count` of them if so many can be spared. */
  #leavers(count: number, staying: readonly number[]): number[] {
    const gone: number[] = []
    for (const { id, kind } of shuffled(this.#random, this.#members)) {
      if (gone.length === count) break
      if (staying.includes(id) || this.#count(kind) <= FEWEST[kind]) continue
      gone.push(id)
      this.#members = this.#members.filter((member) => member.id !== id)
    }
    return gone
  }

  #count(kind: Kind): number {
    return this.#members.filter((member) => member.kind === kind).length
  }
}
