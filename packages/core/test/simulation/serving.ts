import { sha256 } from '@noble/hashes/sha2.js'
import { decodeReceipt, decodeServedEvents, encodeFetch, decodeFetch, encodeServedEvents, toHex } from '@sotto/wire'
import { concat } from 'uint8arrays/concat'
import { fromString } from 'uint8arrays/from-string'

import { checkServed, deliveredOf, nextWake, step, visibleGaps, type CheckedSeal, type Step } from '../../src/index.ts'
import { Author, shownRows } from '../author.ts'
import { accountOf, CONVERSATION, deviceOf, EPOCH } from '../ids.ts'
import { Dice } from '../random.ts'
import { forged } from './forged.ts'
import type { Stepper } from './peer.ts'

const NAMES = ['alice', 'bob', 'carol', 'dora', 'eve']
const ACTIONS = 60
const LIVING = 3
const LONG = 4 * 3_600_000

/** A mistake around `step`, or in what is asked of an answer before it is taken. */
export interface ServingPlant {
  readonly stepper: Stepper
  /** Whether that device has signed that statement is looked at. */
  readonly verifies: boolean
}

export const HONEST: ServingPlant = { stepper: step, verifies: true }

export interface Served {
  readonly violations: readonly string[]
  /** Events that came from somebody else than their author. */
  readonly served: number
  readonly forged: number
  readonly trace: string
}

/**
 * Five devices, of whom two go for good, killed or removed, after some of the others got what they had said. Eve is a member who gives forged events
 * when she is asked. Everything happens by dice; in the end those who stay must have what one of them has.
 */
export class ServingWorld {
  readonly #dice: Dice
  readonly #plant: ServingPlant
  readonly #authors: Map<string, Author>
  readonly #gone = new Set<string>()
  readonly #signed = new Set<string>()
  readonly #said = new Map<string, string>()
  #drop = 0.3
  #now = 1_000_000
  #served = 0
  #forged = 0

  constructor(seed: number, plant: ServingPlant = HONEST) {
    this.#dice = new Dice(seed)
    this.#plant = plant
    this.#authors = new Map(NAMES.map((name) => [name, new Author(name, NAMES, 1, plant.stepper)]))
  }

  run(): Served {
    for (let at = 0; at < ACTIONS; at++) {
      const [author] = this.#some()
      const turn = this.#dice.below(10)
      if (author === undefined) continue
      if (turn < 5) this.#say(author)
      else if (turn < 9) this.#pass(this.#dice.below(20_000))
      else this.#lose(author)
    }
    while (this.#gone.size < NAMES.length - LIVING)
      this.#lose([...this.#authors.values()].find((one) => !this.#isGone(one)))
    this.#drop = 0
    // Whoever is there says what it has; then time goes by.
    for (const author of this.#living())
      this.#follow(author, author.apply({ type: 'connected', device: this.#other(author), now: this.#now }))
    for (const end = this.#now + LONG; this.#now < end;) this.#pass(10_000)
    const states = this.#living().map(({ rows }) =>
      [...rows.values()]
        .map(({ eventId }) => eventId)
        .toSorted()
        .join(),
    )
    return {
      violations: this.#violations(),
      served: this.#served,
      forged: this.#forged,
      trace: toHex(sha256(fromString(states.join('\n')))),
    }
  }

  #living(): Author[] {
    return [...this.#authors.values()].filter((author) => !this.#isGone(author))
  }

  #isGone({ name }: Author): boolean {
    return this.#gone.has(name)
  }

  #other(author: Author): ReturnType<typeof deviceOf> {
    const other = this.#living().find((one) => one !== author)
    return deviceOf(other?.name ?? '')
  }

  /** Those who are there, in any order. */
  #some(): Author[] {
    return this.#living()
      .map((author) => ({ author, at: this.#dice.next() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ author }) => author)
  }

  /** It may reach some only, whatever else they have; its author keeps what it is owed, as long as it is there. */
  #say(author: Author): void {
    author.now = this.#now
    author.compose(`${author.name} ${String(this.#said.size)}`)
    const seal = author.seal()
    this.#note(seal)
    for (const other of this.#some()) {
      if (other !== author && !this.#dice.chance(this.#drop)) this.#open(other, author, seal)
    }
  }

  #note({ events, statement }: CheckedSeal): void {
    this.#signed.add(toHex(statement))
    for (const { eventId, device, seq } of events) this.#said.set(`${device}:${String(seq)}`, eventId)
  }

  #open(to: Author, from: Author, seal: CheckedSeal): void {
    to.now = this.#now
    this.#follow(to, to.open(from.name, seal))
  }

  /** Killed for good, and perhaps removed. */
  #lose(author: Author | undefined): void {
    if (author === undefined || author.name === 'eve' || this.#living().length <= LIVING) return
    this.#gone.add(author.name)
    if (this.#dice.chance(0.5)) return
    const members = NAMES.filter((name) => name !== author.name).map((name) => ({
      device: deviceOf(name),
      account: accountOf(name),
    }))
    for (const other of this.#living()) {
      const stay = members.filter(({ device }) => other.state.devices.some((one) => one.device === device && one.live))
      this.#follow(other, other.apply({ type: 'members', members: stay, epochId: EPOCH }))
    }
  }

  #pass(ms: number): void {
    this.#now += ms
    for (const author of this.#living()) {
      const wake = nextWake(author.state)
      if (wake === undefined || wake > this.#now) continue
      author.now = this.#now
      this.#follow(author, author.tick())
    }
  }

  #follow(author: Author, { persist, after }: Step): void {
    for (const effect of persist) {
      if (effect.type !== 'receipt-due') continue
      for (const other of this.#reached(author)) {
        const receipt = value(decodeReceipt(effect.body))
        this.#follow(
          other,
          other.apply({ type: 'receipt', device: deviceOf(author.name), receipt, via: 'mailbox', now: this.#now }),
        )
      }
    }
    for (const effect of after) {
      if (effect.type === 'fetch')
        this.#ask(author, encodeFetch({ ...effect.fetch, key: effect.anyone ? KEY : NO_KEY }))
      if (effect.type === 'serve') this.#giveOwn(author, effect.firstSeq, effect.lastSeq)
      if (effect.type === 'serve-others') this.#give(author, effect)
    }
  }

  #reached(author: Author): Author[] {
    return this.#some().filter((other) => other !== author && !this.#dice.chance(this.#drop))
  }

  #ask(author: Author, body: Uint8Array): void {
    const fetch = value(decodeFetch(body))
    for (const other of this.#reached(author))
      this.#follow(other, other.apply({ type: 'fetch', device: deviceOf(author.name), fetch, now: this.#now }))
  }

  #giveOwn(author: Author, firstSeq: number, lastSeq: number): void {
    const seal = author.sealOf(firstSeq, lastSeq)
    this.#note(seal)
    for (const other of this.#reached(author)) this.#open(other, author, seal)
  }

  #give(author: Author, asked: { device: string; author: string; firstSeq: number; lastSeq: number }): void {
    const rows = [...author.rows.values()].filter(
      ({ device, seq }) => device === asked.author && seq >= asked.firstSeq && seq <= asked.lastSeq,
    )
    const to = [...this.#authors.values()].find(({ name }) => deviceOf(name) === asked.device)
    if (rows.length === 0 || to === undefined || this.#dice.chance(this.#drop)) return
    const isForged = author.name === 'eve' && this.#dice.chance(0.7)
    if (isForged) this.#forged += 1
    this.#take(to, encodeServedEvents({ events: isForged ? forged(rows, this.#dice) : rows }))
  }

  #take(to: Author, bytes: Uint8Array): void {
    const checked = checkServed(CONVERSATION, value(decodeServedEvents(bytes)))
    if (!checked.ok) return
    const isSigned = checked.value.every(({ statement }) => this.#signed.has(toHex(statement)))
    if (this.#plant.verifies && !isSigned) return
    to.now = this.#now
    const events = checked.value.map(({ event }) => event)
    const stepped = to.apply({ type: 'served', events, known: [], now: this.#now, jitter: 0 })
    this.#served += stepped.persist.filter(({ type }) => type === 'put-event').length
    this.#follow(to, stepped)
  }

  #violations(): string[] {
    const found = new Set<string>()
    const living = this.#living()
    for (const { name, rows, state } of living) {
      for (const row of rows.values())
        if (this.#said.get(`${row.device}:${String(row.seq)}`) !== row.eventId) found.add(`invented: at ${name}`)
      for (const { device } of state.devices) {
        const most = Math.max(...living.map((one) => hasOf(one, device)))
        if (hasOf({ rows, state }, device) < most) found.add(`lost: at ${name}`)
      }
      const [first] = living
      const isSame = first !== undefined && shown(first).join() === shown({ rows, state }).join()
      if (!isSame && living.every((one) => visibleGaps(one.state).length === 0)) found.add(`order: at ${name}`)
    }
    return [...found]
  }
}

function hasOf({ state }: Pick<Author, 'rows' | 'state'>, device: string): number {
  const record = state.devices.find((one) => one.device === device)
  return record === undefined ? 0 : deliveredOf(record)
}

function shown({ rows }: Pick<Author, 'rows' | 'state'>): string[] {
  return shownRows(rows.values()).map(({ eventId }) => eventId)
}

const KEY = concat([new Uint8Array(1_216)])
const NO_KEY = new Uint8Array()

function value<T>(result: { ok: true; value: T } | { ok: false; reason: string }): T {
  if (!result.ok) throw new Error(`What an honest device made was refused: ${result.reason}`)
  return result.value
}
