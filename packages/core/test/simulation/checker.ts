import type { Rows } from '@sotto/interface'
import { decodeEventHeader, decodeSeal, eventIdOf, toHex } from '@sotto/wire'

import { messageState, visibleGaps, type Step } from '../../src/index.ts'
import { shownRows } from '../author.ts'
import { deviceOf } from '../ids.ts'
import type { Item } from './disk.ts'
import type { Peer } from './peer.ts'

const RANKS = ['queued', 'sent', 'delivered', 'read']

/** Looks at every transaction from outside and collects what must never be. Knows nothing of how `step` works. */
export class Checker {
  readonly violations: string[] = []
  readonly #ranks: Map<string, number> = new Map()
  readonly #shown: Set<string> = new Set()
  readonly #keys: Map<string, string> = new Map()
  readonly #deposits: Map<string, Set<string>> = new Map()
  readonly #named: Map<string, readonly (readonly [string, number])[]> = new Map()
  readonly #composed: Map<string, string[]> = new Map()

  composed(peer: Peer, text: string): void {
    this.#composed.set(peer.name, [...(this.#composed.get(peer.name) ?? []), text])
  }

  /** An item leaves a machine: its key must never have been used for another one. */
  left(item: Item): void {
    if (item.kind !== 'seal') return
    const key = `${item.from} key ${item.key}`
    const used = this.#keys.get(key)
    if (used !== undefined && used !== item.innerId) this.#report(`twice: key of ${item.from}`)
    this.#keys.set(key, item.innerId)
  }

  /** A relay really stored it. */
  deposited(item: Item, relay: string): void {
    if (item.kind !== 'seal') return
    const decoded = decodeSeal(item.body)
    if (!decoded.ok) return this.#report('malformed: a seal')
    for (const { header } of decoded.value.events) {
      const eventId = eventIdOf(header)
      this.#deposits.set(eventId, (this.#deposits.get(eventId) ?? new Set()).add(relay))
    }
  }

  committed(peer: Peer, other: Peer | undefined, step: Step): void {
    for (const effect of step.after) {
      if (effect.type !== 'shown') continue
      for (const { eventId } of effect.events) {
        const name = `${peer.name} ${eventId}`
        if (this.#shown.has(name)) this.#report(`twice: shown to ${peer.name}`)
        this.#shown.add(name)
      }
    }
    this.#checkShown(peer)
    this.#checkStates(peer, other)
  }

  /** After everything that could go wrong has stopped: nobody lacks anything, and all see the same. */
  settled(peers: readonly Peer[]): void {
    for (const peer of peers) {
      const texts = shownRows(peer.disk.rows.values()).map(({ text }) => text)
      const expected = [...this.#composed.values()].flat()
      for (const text of expected) if (!texts.includes(text)) this.#report(`lost: by ${peer.name}`)
      if (new Set(texts).size !== texts.length) this.#report(`twice: message at ${peer.name}`)
      if (texts.length > expected.length) this.#report(`invented: message at ${peer.name}`)
      if (
        texts.join('\n') !==
        shownRows(peers[0]?.disk.rows.values() ?? [])
          .map(({ text }) => text)
          .join('\n')
      ) {
        this.#report('order: two devices differ')
      }
      if (visibleGaps(peer.state).length > 0) this.#report(`gap: still at ${peer.name}`)
      if ([...peer.disk.outbox.values()].some(({ item }) => item.kind === 'seal')) {
        this.#report(`outbox: not empty at ${peer.name}`)
      }
      for (const [author, own] of this.#composed) this.#checkOwnOrder(peer, author, own)
      for (const row of peer.disk.rows.values()) {
        const state = messageState(peer.state, row)
        if (row.device === peer.state.self && (state === 'queued' || state === 'sent')) {
          this.#report(`state: not delivered from ${peer.name}`)
        }
      }
    }
  }

  #checkOwnOrder(peer: Peer, author: string, own: readonly string[]): void {
    const rows = shownRows(peer.disk.rows.values()).filter(({ device }) => device === deviceOf(author))
    if (rows.map(({ text }) => text).join('\n') !== own.join('\n')) {
      this.#report(`order: ${author} at ${peer.name}`)
    }
  }

  #checkShown(peer: Peer): void {
    const gaps = visibleGaps(peer.state)
    for (const row of peer.disk.rows.values()) {
      if (row.shown === 0) continue
      for (const [device, seq] of this.#namedBy(row)) {
        const isGap = gaps.some((gap) => gap.author === device && gap.from <= seq && seq <= gap.to)
        if (peer.disk.rows.get(`${device}:${seq}`)?.shown !== 1 && !isGap) {
          this.#report(`early: shown by ${peer.name}`)
        }
      }
    }
  }

  #namedBy(row: Rows['events']): readonly (readonly [string, number])[] {
    const cached = this.#named.get(row.eventId)
    if (cached !== undefined) return cached
    const header = decodeEventHeader(row.header)
    if (!header.ok) throw new Error('A stored header is not one.')
    const named: [string, number][] = header.value.deps.map(({ device, seq }) => [toHex(device), seq])
    if (row.seq > 1) named.push([row.device, row.seq - 1])
    this.#named.set(row.eventId, named)
    return named
  }

  #checkStates(peer: Peer, other: Peer | undefined): void {
    for (const row of peer.disk.rows.values()) {
      if (row.device !== peer.state.self) continue
      const state = messageState(peer.state, row) ?? 'none'
      const rank = RANKS.indexOf(state)
      const name = `${peer.name} ${row.seq}`
      if (rank < (this.#ranks.get(name) ?? 0)) this.#report(`back: from ${peer.name} to ${state}`)
      this.#ranks.set(name, Math.max(rank, this.#ranks.get(name) ?? 0))
      if (state === 'sent' && (this.#deposits.get(row.eventId)?.size ?? 0) < 2) {
        this.#report(`untrue: sent, says ${peer.name}`)
      }
      const holds = other?.disk.rows.get(`${row.device}:${row.seq}`)?.eventId === row.eventId
      if (rank >= RANKS.indexOf('delivered') && !holds) {
        this.#report(`untrue: ${state}, says ${peer.name}`)
      }
    }
  }

  #report(violation: string): void {
    if (!this.violations.includes(violation)) this.violations.push(violation)
  }
}
