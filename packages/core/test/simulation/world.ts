import { sha256 } from '@noble/hashes/sha2.js'
import { toHex } from '@sotto/wire'
import { fromString } from 'uint8arrays/from-string'

import type { HandedHead, Step } from '../../src/index.ts'
import { deviceOf, relayOf } from '../ids.ts'
import { Dice } from '../random.ts'
import { Checker } from './checker.ts'
import { Relay, type Disk, type Item, type OutboxRow } from './disk.ts'
import { NO_PLANT, USUAL, type Faults, type Outcome, type Plant } from './faults.ts'
import type { Peer, Surroundings } from './peer.ts'

class Crash extends Error {}

/** Two devices, three relays and a direct path that comes and goes. Everything happens by dice. */
export class World {
  readonly #dice: Dice
  readonly #faults: Faults
  readonly #checker = new Checker()
  readonly #relays: readonly Relay[]
  readonly #peers: readonly Peer[]
  readonly #flights: { readonly to: Peer; readonly item: Item }[] = []
  readonly #trace: string[] = []
  readonly #effects: Map<string, number> = new Map()
  readonly #snapshots: { readonly peer: Peer; readonly disk: Disk; readonly handed: HandedHead | undefined }[] = []
  #now = 1_000_000
  #direct = false
  #isCalm = true
  #crashes = 0
  #messages = 0
  #rollbacks = 0

  constructor(seed: number, faults: Faults = USUAL, plant: Plant = NO_PLANT) {
    this.#dice = new Dice(seed)
    this.#faults = faults
    const count = faults.relays ?? 3
    this.#relays = ['one', 'two', 'three'].slice(0, count).map((name) => new Relay(relayOf(name)))
    const names = ['alice', 'bob']
    const Made = plant.peer
    this.#peers = names.map((name) => new Made(name, names, this.#surroundings(), plant.stepper, count))
    this.#isCalm = false
    if (faults.paths === 'direct') for (const relay of this.#relays) relay.up = false
  }

  run(): Outcome {
    for (let at = 0; at < this.#faults.actions; at++) {
      this.#guarded(() => this.#act())
      this.#guarded(() => this.#checkHeads())
      for (const peer of this.#peers) this.#guarded(() => peer.tick())
    }
    this.#calm()
    const retired = this.#peers.filter((peer) => peer.retired).length
    if (retired === 0) this.#checker.settled(this.#peers)
    const states = this.#peers.map(({ disk }) => toHex(disk.state))
    const trace = toHex(sha256(fromString([...this.#trace, ...states].join('\n'))))
    return {
      violations: this.#checker.violations,
      retired,
      crashes: this.#crashes,
      rollbacks: this.#rollbacks,
      messages: this.#messages,
      effects: this.#effects,
      trace,
    }
  }

  #act(): void {
    const peer = this.#anyPeer()
    const relay = this.#dice.pick(this.#relays)
    const turn = this.#dice.below(20)
    if (this.#fails(this.#faults.rollback))
      this.#snapshots.push({ peer, disk: peer.disk, handed: peer.state.rollback.handed })
    this.#now += this.#dice.below(this.#dice.chance(0.1) ? 40_000 : 1_500)
    if (relay === undefined) return
    if (turn < 4) this.#compose(peer)
    else if (turn < 8) this.#deposit(peer, relay)
    else if (turn < 11) this.#poll(peer, relay)
    else if (turn < 13) this.#push(peer)
    else if (turn < 16) for (let count = this.#dice.below(4); count >= 0; count--) this.#land()
    else if (turn < 17) this.#read(peer)
    else if (turn < 18) peer.sealWhatWaits()
    else this.#weather(peer, relay)
  }

  #compose(peer: Peer): void {
    const text = `${peer.name} ${++this.#messages}`
    const before = peer.disk.rows.size
    try {
      peer.compose(text)
    } finally {
      // A crash before the transaction: the person sees that it was never taken.
      if (peer.disk.rows.size > before) this.#checker.composed(peer, text)
    }
  }

  #deposit(peer: Peer, relay: Relay): void {
    const row = this.#dice.pick([...peer.disk.outbox.values()].filter(({ deposits }) => !deposits.has(relay.id)))
    if (row === undefined || !relay.up || peer.retired) return
    this.#checker.left(row.item)
    if (this.#fails(this.#faults.drop)) return
    relay.put(row.item)
    this.#checker.deposited(row.item, relay.id)
    if (!this.#fails(this.#faults.drop)) peer.stored(row, { relay: relay.id })
  }

  #poll(peer: Peer, relay: Relay): void {
    if (!relay.up) return
    const from = peer.disk.cursors.get(relay.id) ?? 0
    const to = Math.min(relay.entries.length, from + 1 + this.#dice.below(4))
    const mail = relay.entries.slice(from, to).map((item) => ({ item, at: this.#isCalm ? 0 : this.#dice.next() }))
    for (const { item } of mail.toSorted((a, b) => a.at - b.at)) {
      if (item === undefined) continue
      peer.receive(item, { relay: relay.id })
      if (this.#fails(this.#faults.duplicate)) peer.receive(item, { relay: relay.id })
    }
    peer.moveCursor(relay.id, to)
  }

  #push(peer: Peer): void {
    if (!this.#direct || peer.retired) return
    for (const { item } of peer.disk.outbox.values()) {
      this.#checker.left(item)
      this.#send(this.#otherOf(peer), item)
    }
  }

  /** Something on the direct path arrives: the newest or an older one. */
  #land(): void {
    const at = this.#dice.below(this.#flights.length)
    const [flight] = this.#flights.splice(at, 1)
    if (flight === undefined) return
    const sender = this.#otherOf(flight.to)
    if (flight.item.from === 'echo') return flight.to.hearOfHead(flight.item.body, { device: deviceOf(sender.name) })
    flight.to.receive(flight.item, { device: deviceOf(sender.name) })
    const row = sender.disk.outbox.get(flight.item.innerId)
    if (row !== undefined && !this.#fails(this.#faults.drop)) sender.stored(row, { device: deviceOf(flight.to.name) })
  }

  #checkHeads(): void {
    const relay = this.#dice.pick(this.#relays)
    for (const peer of this.#peers) if (relay !== undefined && this.#dice.chance(0.2)) this.#checkHead(peer, relay)
  }

  /** The peer reads a relay's whole control lane for its own head record. */
  #checkHead(peer: Peer, relay: Relay): void {
    if (!relay.up || peer.state.rollback.stage !== 'checking') return
    const own = relay.entries.filter((item) => item?.kind === 'head' && item.from === peer.name)
    const [newest] = own.toSorted(
      (a, b) => (b?.mark.boot ?? 0) - (a?.mark.boot ?? 0) || (b?.mark.seals ?? 0) - (a?.mark.seals ?? 0),
    )
    peer.hearOfHead(newest?.body, { relay: relay.id })
  }

  #read(peer: Peer): void {
    const upTo = [...peer.disk.rows.values()].filter(({ shown }) => shown === 1)
    peer.run({ type: 'read', upTo, direct: this.#direct, now: this.#now, jitter: this.#dice.next() })
  }

  #weather(peer: Peer, relay: Relay): void {
    const { lose, rollback, crash } = this.#faults
    if (this.#faults.paths !== 'direct' && this.#fails(0.3)) relay.up = !relay.up
    if (this.#fails(this.#direct ? 0.2 : 0.7)) this.#connect(!this.#direct)
    if (this.#fails(crash * 5)) throw new Crash(peer.name)
    if (this.#fails(lose)) this.#loseSeal(relay)
    if (this.#fails(rollback)) this.#rollBack()
  }

  /** The worst that relays can do together: something that nobody has read yet is gone from all of them. */
  #loseSeal(relay: Relay): void {
    const isUnread = (item: Item | undefined): boolean =>
      item?.kind === 'seal' && this.#peers.every(({ name, disk }) => name === item.from || !disk.seen.has(item.innerId))
    const lost = this.#dice.pick(relay.entries.filter(isUnread))
    if (lost === undefined) return
    for (const { entries, stored } of this.#relays) {
      stored.add(lost.innerId)
      for (const [at, entry] of entries.entries()) if (entry?.innerId === lost.innerId) entries[at] = undefined
    }
  }

  #rollBack(): void {
    // Of a copy that is newer than the last head record at the relays nobody can know.
    const older = this.#snapshots.filter(({ peer, handed: before }) => {
      const { handed } = peer.state.rollback
      if (handed === undefined || !this.#isRecorded(handed)) return false
      return handed.boot > (before?.boot ?? 0) || handed.seals > (before?.seals ?? 0)
    })
    const snapshot = this.#dice.pick(older)
    if (snapshot === undefined) return
    this.#rollbacks += 1
    snapshot.peer.disk = snapshot.disk
    throw new Crash(snapshot.peer.name)
  }

  /** By w relays, or by one of two and the other device. */
  #isRecorded({ stored, held }: HandedHead): boolean {
    return stored.length + (held && this.#relays.length === 2 ? 1 : 0) >= 2
  }

  #connect(direct: boolean): void {
    this.#direct = direct && this.#faults.paths !== 'relays'
    this.#flights.length = 0
    if (!this.#direct) return
    for (const peer of this.#peers) {
      peer.run({ type: 'connected', device: deviceOf(this.#otherOf(peer).name), now: this.#now })
    }
  }

  /** No faults any more: until nobody has anything left to do. */
  #calm(): void {
    this.#isCalm = true
    for (const relay of this.#relays) relay.up = this.#faults.paths !== 'direct'
    // What relays alone have lost is noticed when something later comes.
    for (const peer of this.#peers) this.#compose(peer)
    let before = ''
    for (let round = 0, same = 0; round < 80 && same < 4; round++) {
      this.#now += 61_000
      this.#connect(true)
      for (const peer of this.#peers) this.#calmDown(peer)
      const after = this.#peers.map(progressOf).join()
      same = after === before ? same + 1 : 0
      before = after
    }
  }

  #calmDown(peer: Peer): void {
    peer.run({ type: 'tick', now: this.#now })
    for (const relay of this.#relays) {
      this.#checkHead(peer, relay)
      for (const row of peer.disk.outbox.values()) this.#depositRow(peer, relay, row)
    }
    peer.sealWhatWaits()
    for (const relay of this.#relays) {
      while (relay.up && (peer.disk.cursors.get(relay.id) ?? 0) < relay.entries.length) this.#poll(peer, relay)
    }
    for (const row of peer.disk.outbox.values()) {
      if (this.#direct && !peer.retired) this.#send(this.#otherOf(peer), row.item)
    }
    while (this.#flights.length > 0) this.#land()
  }

  #depositRow(peer: Peer, relay: Relay, row: OutboxRow): void {
    if (!relay.up || row.deposits.has(relay.id) || peer.retired || !peer.disk.outbox.has(row.item.innerId)) return
    this.#checker.left(row.item)
    relay.put(row.item)
    this.#checker.deposited(row.item, relay.id)
    peer.stored(peer.disk.outbox.get(row.item.innerId) ?? row, { relay: relay.id })
  }

  #send(to: Peer, item: Item): void {
    if (!this.#fails(this.#faults.drop)) this.#flights.push({ to, item })
    if (this.#fails(this.#faults.duplicate)) this.#flights.push({ to, item })
  }

  #count({ persist, after }: Step): void {
    for (const { type } of [...persist, ...after]) this.#effects.set(type, (this.#effects.get(type) ?? 0) + 1)
  }

  #guarded(run: () => void): void {
    try {
      run()
    } catch (error) {
      if (!(error instanceof Crash)) throw error
      this.#crashes += 1
      const peer = this.#peers.find(({ name }) => name === error.message)
      const flying = this.#flights.filter(({ to }) => to !== peer)
      this.#flights.splice(0, this.#flights.length, ...flying)
      // A machine may die while it starts, but not for ever.
      const calm = this.#isCalm
      this.#isCalm = true
      peer?.reload()
      this.#isCalm = calm
      this.#direct = false
    }
  }

  #fails(probability: number): boolean {
    return !this.#isCalm && this.#dice.chance(probability)
  }

  #anyPeer(): Peer {
    const peer = this.#dice.pick(this.#peers)
    if (peer === undefined) throw new Error('A world has peers.')
    return peer
  }

  #otherOf(peer: Peer): Peer {
    const other = this.#peers.find((one) => one !== peer)
    if (other === undefined) throw new Error('A world has two peers.')
    return other
  }

  #surroundings(): Surroundings {
    return {
      now: () => this.#now,
      chance: () => this.#dice.next(),
      mayCrash: (name) => {
        if (this.#fails(this.#faults.crash)) throw new Crash(name)
      },
      canSend: () => this.#direct || this.#relays.some(({ up }) => up),
      tell: (name, item) => {
        const to = this.#peers.find((peer) => peer.name !== name)
        if (!this.#direct || to === undefined) return
        this.#checker.left(item)
        this.#send(to, item)
      },
      committed: (peer, stepped) => {
        const effects = [...stepped.persist, ...stepped.after].map(({ type }) => type).join(' ')
        this.#trace.push(`${peer.name} ${peer.disk.state.length} ${effects}`)
        this.#count(stepped)
        this.#checker.committed(
          peer,
          this.#peers?.find((one) => one !== peer),
          stepped,
        )
      },
    }
  }
}

/** How far a device has come, receipts aside. */
function progressOf({ disk, state }: Peer): string {
  const shown = [...disk.rows.values()].filter((row) => row.shown === 1).length
  const seals = [...disk.outbox.values()].filter(({ item }) => item.kind === 'seal').length
  return `${shown} ${seals} ${state.sealed.seq} ${state.rollback.stage} ${state.released}`
}

export function simulate(seed: number, faults: Faults = USUAL, plant: Plant = NO_PLANT): Outcome {
  return new World(seed, faults, plant).run()
}
