import { generationKeys } from '@sotto/group'
import { linkingKeys, linkingParams, type DeviceLink } from '@sotto/identity'
import type { MailboxKey, Relay, Store } from '@sotto/interface'
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
import { relayError } from '../errors.ts'
import { Box } from '../mail/box.ts'
import { deposit } from '../mail/deposit.ts'
import { mailboxKeyOf } from '../mail/mailboxes.ts'
import { KNOCK_POW_BITS } from '../invitations/place.ts'

const LOOK_EVERY_MS = 300

/** The mailbox in which a new device and an old one talk, at one relay. Both read it; what is one's own is passed over. */
export class LinkingBox {
  readonly #parts: Pick<Parts, 'clock'>
  readonly #relay: Relay
  readonly #link: DeviceLink
  readonly #readKey: MailboxKey
  readonly #writeKey: MailboxKey
  readonly #box: Box
  readonly #said: Linking['said'][] = []

  private constructor(
    parts: Pick<Parts, 'clock'> & { store: Store },
    relay: Relay,
    link: DeviceLink,
    keys: { read: MailboxKey; write: MailboxKey },
  ) {
    this.#parts = parts
    this.#relay = relay
    this.#link = link
    this.#readKey = keys.read
    this.#writeKey = keys.write
    this.#box = new Box(parts.store, {
      id: mailboxId(parametersOf(this.#params)),
      relay,
      readKey: keys.read,
      generation: { keys: generationKeys(linkingKeys(link.secret).generation) },
      take: (_id, inner) => {
        const decoded = decodeLinking(inner)
        if (decoded.ok) this.#said.push(decoded.value.said)
        return Promise.resolve(true)
      },
    })
  }

  /** Makes the mailbox there, or finds it. Throws what the relay refuses with. */
  static async open(
    parts: Pick<Parts, 'clock' | 'crypto' | 'store'>,
    relay: Relay,
    link: DeviceLink,
  ): Promise<LinkingBox> {
    const { readSeed, writeSeed } = linkingKeys(link.secret)
    const keys = {
      read: await mailboxKeyOf(parts.crypto, readSeed),
      write: await mailboxKeyOf(parts.crypto, writeSeed),
    }
    const box = new LinkingBox(parts, relay, link, keys)
    const created = await relay.create(box.#params, keys.read)
    if (!created.ok) throw relayError(created.reason)
    return box
  }

  get #params(): ReturnType<typeof linkingParams> {
    const [readKey, writeKey] = [this.#readKey.publicKey, this.#writeKey.publicKey]
    return linkingParams({ readKey, writeKey, expiresAt: this.#link.expiresAt, powBits: KNOCK_POW_BITS })
  }

  async say(said: NonNullable<Init<Linking>['said']>): Promise<void> {
    const inner = encodeLinking({ said })
    const target = {
      relay: this.#relay,
      mailbox: this.#box.init.id,
      writeKey: this.#writeKey,
      keys: generationKeys(linkingKeys(this.#link.secret).generation),
      knock: fromHex(innerIdOf(inner)).slice(0, 16),
      powBits: KNOCK_POW_BITS,
    }
    const done = await deposit(target, inner, (tag) => this.#box.own(tag))
    if (!done.ok) throw relayError(done.reason)
  }

  /** The next thing that `pick` takes, or undefined once `signal` aborts. What it does not take is passed over. */
  async next<T>(
    pick: (said: Linking['said']) => Promise<T | undefined>,
    options: { signal: AbortSignal },
  ): Promise<T | undefined> {
    while (!options.signal.aborted) {
      await this.#box.read()
      for (let said = this.#said.shift(); said !== undefined; said = this.#said.shift()) {
        const picked = await pick(said)
        if (picked !== undefined) return picked
      }
      await new Promise<void>((resolve) => void this.#parts.clock.after(LOOK_EVERY_MS, resolve))
    }
    return undefined
  }
}
