import { PATIENCE_MS } from '../peers/patience.ts'
import type { History } from '../history/history.ts'
import type { Actor } from './actor.ts'
import type { Peer } from './peer.ts'
import type { Seats } from './seats.ts'

/** Who is in a group changes by the way of several devices, and no line tells that it has. */
const LOOK_EVERY_MS = 200

interface Member {
  readonly account: string
  readonly role: string
  readonly state?: string
}

/** A group of a scene. Each change resolves when everybody who is in by then has seen it. */
export class Group {
  readonly conversation: string
  readonly title: string
  readonly #history: History
  readonly #seats: Seats

  constructor(about: { conversation: string; title: string }, history: History, seats: Seats) {
    this.conversation = about.conversation
    this.title = about.title
    this.#history = history
    this.#seats = seats
  }

  get members(): readonly Actor[] {
    return this.#seats.in(this.conversation)
  }

  /** Invites somebody, who says yes. Both are contacts. */
  async add(by: Peer, peer: Actor): Promise<void> {
    // Whoever was away when they went may not have heard of it yet, and would refuse.
    await this.#sees(by, (members) => !members.some(({ account }) => account === peer.account))
    const from = this.#history.entries.length
    await by.ask('group add', { conversation: this.conversation, account: peer.account })
    await this.accept(peer, from)
  }

  /** Says yes to the invitation that is told after the first `from` entries of the history. */
  async accept(peer: Actor, from: number): Promise<void> {
    await peer.acceptGroup(this, from)
    this.#seats.take(peer, this.conversation)
    await this.agreed()
  }

  async remove(by: Peer, peer: Actor): Promise<void> {
    await this.#knows(by, peer)
    this.#seats.leave(peer, this.conversation)
    await by.ask('group remove', { conversation: this.conversation, account: peer.account })
    await this.agreed(peer)
  }

  async leave(peer: Actor): Promise<void> {
    this.#seats.leave(peer, this.conversation)
    await peer.leaveGroup(this.conversation)
    await this.agreed(peer)
  }

  /** Makes a member an admin, or an admin a member again; resolves when all who are up see it. */
  async appoint(by: Peer, whom: Actor, role: 'admin' | 'member'): Promise<void> {
    const { account } = whom
    await this.#knows(by, whom)
    await by.ask('group role', { conversation: this.conversation, account, role })
    for (const peer of this.members)
      await this.#sees(peer, (members) => members.some((each) => each.account === account && each.role === role))
  }

  /** Resolves when all who are up and in see these and nobody else there, and those who are `out` do not see themselves. */
  async agreed(...out: readonly Actor[]): Promise<void> {
    const wanted = [...new Set(this.members.map(({ account }) => account))].toSorted().join()
    const accountsOf = (members: readonly Member[]): string[] => members.map(({ account }) => account)
    for (const peer of this.members)
      await this.#sees(peer, (members) => accountsOf(members).toSorted().join() === wanted)
    for (const peer of out) await this.#sees(peer, (members) => !accountsOf(members).includes(peer.account))
  }

  /** Whoever was away when somebody came may not have heard of it yet. */
  async #knows(by: Peer, { account }: Actor): Promise<void> {
    await this.#sees(by, (members) => members.some((each) => each.account === account))
  }

  async #sees(peer: Actor, isSo: (members: readonly Member[]) => boolean): Promise<void> {
    const end = performance.now() + PATIENCE_MS
    while (peer.isUp) {
      const rows = await peer.roster().catch((error: unknown) => {
        if (peer.isUp) throw error
      })
      // Killed while it was asked: it sees nothing any more.
      if (rows === undefined) return
      const row = rows.find((each) => each['conversation'] === this.conversation)
      const members = (row?.['members'] ?? []) as Member[]
      const isQuiet = members.every(({ state }) => state === undefined)
      if (isQuiet && isSo(members)) return
      if (performance.now() > end) throw new Error(`${peer.name} does not see who is in: ${JSON.stringify(members)}`)
      await new Promise((resolve) => void setTimeout(resolve, LOOK_EVERY_MS))
    }
  }
}
