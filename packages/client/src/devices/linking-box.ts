import { generationKeys } from '@sotto/group'
import { linkingKeys, linkingParams, type DeviceLink } from '@sotto/identity'
import type { MailboxId, MailboxKey, Relay, RelayRefusal, Store } from '@sotto/interface'
import {
  decodeLinking,
  encodeLinking,
  fromHex,
  innerIdOf,
  mailboxId,
  parametersOf,
  type Init,
  type Linking,
} from '@sotto/wire'
import type { Parts } from '../context.ts'
import { noneReachedError, relayError } from '../errors.ts'
import { KNOCK_POW_BITS } from '../invitations/place.ts'
import { Box } from '../mail/box.ts'
import { deposit } from '../mail/deposit.ts'
import { mailboxKeyOf } from '../mail/mailboxes.ts'
import { isAnyReached } from '../mail/reach.ts'

const LOOK_EVERY_MS = 300

/** The mailbox at one relay. */
interface Place {
  readonly relay: Relay
  readonly box: Box
  isOpen: boolean
  /** How many of the things that were said here it has. */
  told: number
  /** The other device has said something there, so that it can be heard there too. */
  isHeard: boolean
  isBusy: boolean
  refused?: RelayRefusal
}

/**
 * The mailbox in which a new device and an old one talk, at each of the code's relays: those that answer do, whichever they are. What one says
 * oneself is passed over.
 */
export class LinkingBox {
  readonly #parts: Pick<Parts, 'clock'>
  readonly #link: DeviceLink
  readonly #keys: { read: MailboxKey; write: MailboxKey }
  readonly #places: readonly Place[]
  readonly #heard: Linking['said'][] = []
  readonly #said: Uint8Array[] = []

  private constructor(
    parts: Pick<Parts, 'clock' | 'store'>,
    about: { relays: readonly Relay[]; link: DeviceLink; keys: { read: MailboxKey; write: MailboxKey } },
  ) {
    this.#parts = parts
    this.#link = about.link
    this.#keys = about.keys
    this.#places = about.relays.map((relay) => this.#placeAt(relay, parts.store))
  }

  /** Makes the mailbox at the first that answers, or finds it there. Throws what the relays refuse with, and that none answers. */
  static async open(
    parts: Pick<Parts, 'clock' | 'crypto' | 'store'>,
    relays: readonly Relay[],
    link: DeviceLink,
    options: { signal: AbortSignal },
  ): Promise<LinkingBox> {
    const { readSeed, writeSeed } = linkingKeys(link.secret)
    const keys = {
      read: await mailboxKeyOf(parts.crypto, readSeed),
      write: await mailboxKeyOf(parts.crypto, writeSeed),
    }
    const box = new LinkingBox(parts, { relays, link, keys })
    if (!(await isAnyReached(parts.clock, relays, options))) throw noneReachedError(relays)
    await box.#tend()
    if (box.#places.some((place) => place.isOpen)) return box
    throw relayError(box.#places.flatMap(({ refused }) => refused ?? [])[0] ?? 'unreachable')
  }

  /** The same at all relays. */
  get id(): MailboxId {
    return mailboxId(parametersOf(this.#params))
  }

  /** Resolves when the other device can read it: a relay has it, and one at which the other was heard, if it was. */
  async say(said: NonNullable<Init<Linking>['said']>): Promise<void> {
    this.#said.push(encodeLinking({ said }))
    for (;;) {
      await this.#tend()
      const there = this.#places.filter((place) => place.isOpen && place.relay.reachable)
      const heard = there.filter((place) => place.isHeard)
      const needed = heard.length > 0 ? heard : there
      if (needed.some((place) => place.told === this.#said.length)) return
      if (!needed.some((place) => place.isBusy))
        throw relayError(needed.flatMap(({ refused }) => refused ?? [])[0] ?? 'unreachable')
      await this.#pause()
    }
  }

  /** The next thing that `pick` takes, or undefined once `signal` aborts. What it does not take is passed over. */
  async next<T>(
    pick: (said: Linking['said']) => Promise<T | undefined>,
    options: { signal: AbortSignal },
  ): Promise<T | undefined> {
    while (!options.signal.aborted) {
      const pause = this.#pause()
      // A relay that is slow to answer must not keep anybody from hearing another one.
      await Promise.race([this.#tend(), pause])
      for (let said = this.#heard.shift(); said !== undefined; said = this.#heard.shift()) {
        const picked = await pick(said)
        if (picked !== undefined) return picked
      }
      await pause
    }
    return undefined
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => void this.#parts.clock.after(LOOK_EVERY_MS, resolve))
  }

  #placeAt(relay: Relay, store: Store): Place {
    const place: Place = {
      relay,
      box: new Box(store, {
        id: this.id,
        relay,
        readKey: this.#keys.read,
        generation: { keys: generationKeys(linkingKeys(this.#link.secret).generation) },
        take: (_id, inner) => {
          const decoded = decodeLinking(inner)
          if (decoded.ok) this.#heard.push(decoded.value.said)
          place.isHeard ||= decoded.ok
          return Promise.resolve(true)
        },
      }),
      isOpen: false,
      told: 0,
      isHeard: false,
      isBusy: false,
    }
    return place
  }

  get #params(): ReturnType<typeof linkingParams> {
    const [readKey, writeKey] = [this.#keys.read.publicKey, this.#keys.write.publicKey]
    return linkingParams({ readKey, writeKey, expiresAt: this.#link.expiresAt, powBits: KNOCK_POW_BITS })
  }

  /** At each relay that answers: makes the mailbox, leaves there what it lacks, reads it. */
  async #tend(): Promise<void> {
    const free = this.#places.filter((place) => !place.isBusy && place.relay.reachable)
    await Promise.all(
      free.map(async (place) => {
        place.isBusy = true
        try {
          if (await this.#isOpen(place)) {
            await this.#tell(place)
            await place.box.read()
          }
        } finally {
          place.isBusy = false
        }
      }),
    )
  }

  async #isOpen(place: Place): Promise<boolean> {
    if (place.isOpen) return true
    const created = await place.relay.create(this.#params, this.#keys.read)
    if (created.ok) place.isOpen = true
    else place.refused = created.reason
    return created.ok
  }

  async #tell(place: Place): Promise<void> {
    for (const inner of this.#said.slice(place.told)) {
      const target = {
        relay: place.relay,
        mailbox: this.id,
        writeKey: this.#keys.write,
        keys: generationKeys(linkingKeys(this.#link.secret).generation),
        knock: fromHex(innerIdOf(inner)).slice(0, 16),
        powBits: KNOCK_POW_BITS,
      }
      const done = await deposit(target, inner, (tag) => place.box.own(tag))
      if (!done.ok) {
        place.refused = done.reason
        return
      }
      place.told += 1
    }
  }
}
