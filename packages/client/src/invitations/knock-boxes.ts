import { generationKeys } from '@sotto/group'
import { knockGeneration, knockParams, linkKeys } from '@sotto/identity'
import type { InvitationId, MailboxId, Relay, RelayId, Rows } from '@sotto/interface'
import { mailboxId, parametersOf } from '@sotto/wire'
import type { Context } from '../context.ts'
import { Box } from '../mail/box.ts'
import { mailboxKeyOf } from '../mail/mailboxes.ts'
import { relaysOf, stateOf, withdraw } from './invite.ts'
import { KNOCK_POW_BITS, knockReadKey, placeAgain } from './place.ts'
import { takeKnock } from './requests.ts'

/** The knock mailboxes of open invitations at the relays that answer. */
export class KnockBoxes {
  readonly #context: Context
  readonly #onRequest: (row: Rows['requests']) => void
  readonly #boxes = new Map<string, Box>()

  constructor(context: Context, onRequest: (row: Rows['requests']) => void) {
    this.#context = context
    this.#onRequest = onRequest
  }

  get isBusy(): boolean {
    return [...this.#boxes.values()].some((box) => box.isReading)
  }

  get received(): number {
    return [...this.#boxes.values()].reduce((sum, box) => sum + box.received, 0)
  }

  /** The relay answers: each open invitation is left there if it is not, its mailbox watched and read; what was revoked is deleted. */
  async open(relay: Relay): Promise<void> {
    const { store, clock } = this.#context
    for (const row of await store.list('invitations')) {
      if (!relaysOf(row).includes(relay.address)) continue
      const state = stateOf(row, clock.now())
      if (state === 'open') {
        await placeAgain(this.#context, row, relay)
        await this.watch(row, relay)
      }
      if (state === 'revoked' && row.expiresAt > clock.now()) await withdraw(this.#context, row, relay)
    }
  }

  async watch(row: Rows['invitations'], relay: Relay): Promise<void> {
    const name = nameOf(row.invitation, relay.id)
    const box = this.#boxes.get(name) ?? (await this.#box(row, relay))
    this.#boxes.set(name, box)
    const { id, readKey } = box.init
    const subscribed = await relay.subscribe([{ mailbox: id, readKey }])
    if (subscribed.ok) await box.read()
  }

  /** New mail in that mailbox, if it is one of these. */
  async onMail(relay: RelayId, mailbox: MailboxId): Promise<boolean> {
    for (const box of this.#boxes.values()) {
      if (box.init.id !== mailbox || box.init.relay.id !== relay) continue
      await box.read()
      return true
    }
    return false
  }

  /** Nobody uses this invitation any more. */
  drop(invitation: InvitationId): void {
    for (const [name, box] of this.#boxes) {
      if (!name.startsWith(invitation)) continue
      box.init.relay.unsubscribe([box.init.id])
      this.#boxes.delete(name)
    }
  }

  async #box(row: Rows['invitations'], relay: Relay): Promise<Box> {
    const { crypto, store } = this.#context
    const readKey = await knockReadKey(this.#context, row)
    const writeKey = await mailboxKeyOf(crypto, linkKeys(row.secret).knockWriteSeed)
    const params = knockParams({
      readKey: readKey.publicKey,
      writeKey: writeKey.publicKey,
      uses: row.uses,
      expiresAt: Math.floor(row.expiresAt / 1000),
      powBits: KNOCK_POW_BITS,
    })
    return new Box(store, {
      id: mailboxId(parametersOf(params)),
      relay,
      readKey,
      generation: { keys: generationKeys(knockGeneration(row.secret).secret) },
      take: async (innerId, inner) => {
        const request = await takeKnock(this.#context, row, innerId, inner)
        if (request !== undefined) this.#onRequest(request)
        return true
      },
    })
  }
}

function nameOf(invitation: InvitationId, relay: RelayId): string {
  return `${invitation} ${relay}`
}
