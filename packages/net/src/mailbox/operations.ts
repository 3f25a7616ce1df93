import { ok, refuse, type MailboxId, type MailboxParams } from '@sotto/interface'
import { checkPow, mailboxId, MAX_LISTING_ENTRIES, paramsOf, toHex, type Operation } from '@sotto/wire'
import { equals } from 'uint8arrays/equals'

import type { MailboxService, ServiceResult } from './service.ts'
import type { Listener, Subscribers } from './subscribers.ts'

type Op = Operation['op']
type Of<Case extends Op['case']> = Extract<Op, { case: Case }>['value']
/** What a response carries when all went well; `undefined` for operations that only succeed. */
export type Answer =
  | { case: 'stored'; value: { seq: number } }
  | {
      case: 'listing'
      value: { entries: { seq: number; tag: Uint8Array; size: number }[]; last: number }
    }
  | { case: 'bodies'; value: { bodies: { seq: number; body: Uint8Array }[] } }
  | { case: 'blob'; value: { blob: Uint8Array } }
  | undefined
export type Outcome = ServiceResult<Answer>

/** A session as its operations see it: `mailboxes` is what it is subscribed to, `source` whom its writes are charged to. */
export interface Session extends Listener {
  readonly source: string
  readonly mailboxes: Set<MailboxId>
}

/** An operation whose signatures have been checked. `keys` are its signers in order, or `undefined` if any was bad. */
export interface Asked {
  readonly op: Op
  readonly keys: readonly Uint8Array[] | undefined
  readonly session: Session
}

const MAX_SUBSCRIPTIONS_OF_A_SESSION = 1_024
const DONE: Outcome = ok(undefined)

/** The rules of `/sotto/mailbox/1` between checked signatures and storage. */
export class Operations {
  readonly #service: MailboxService
  readonly #subscribers: Subscribers

  constructor(service: MailboxService, subscribers: Subscribers) {
    this.#service = service
    this.#subscribers = subscribers
  }

  /** Runs up to its first wait before it returns, so that operations take effect in the order in which they are run. */
  async run({ op, keys, session }: Asked): Promise<Outcome> {
    if (op.case === undefined) return refuse('bad-request')
    // A bad signature is answered like a mailbox that does not exist; both cost one verification.
    if (keys === undefined) return refuse('unknown')
    if (keys.length !== signersOf(op)) return refuse('bad-request')
    const key = keys[0] ?? new Uint8Array(0)
    switch (op.case) {
      case 'create':
        return this.#create(op.value, key, session)
      case 'put':
        return this.#put(op.value, key, session)
      case 'list':
        return this.#list(op.value, key)
      case 'get':
        return this.#get(op.value, key)
      case 'subscribe':
        return this.#subscribe(op.value, keys, session)
      case 'unsubscribe':
        return this.#unsubscribe(op.value, session)
      case 'signal':
        return this.#signal(op.value, key, session)
      case 'putBlob':
        return this.#putBlob(op.value, key, session)
      case 'getBlob':
        return this.#getBlob(op.value)
      case 'deleteBlob':
        return this.#service.deleteBlob(op.value.id, key)
    }
  }

  async #create({ parameters }: Of<'create'>, key: Uint8Array, { source }: Session): Promise<Outcome> {
    const params = paramsOf(parameters)
    if (!params.ok) return refuse('bad-request')
    if (!equals(params.value.readKey, key)) return refuse('unknown')
    return this.#service.create(mailboxId(parameters), params.value, parameters, source)
  }

  async #put({ mailbox, tag, body, knock, nonce }: Of<'put'>, key: Uint8Array, session: Session): Promise<Outcome> {
    const id: MailboxId = toHex(mailbox)
    const params = this.#service.find(id)
    if (params === undefined || !mayWrite(params, key)) return refuse('unknown')
    if (knock.length !== (params.lane === 'knock' ? 16 : 0)) return refuse('bad-request')
    if (!checkPow({ mailbox, tag, body }, nonce, params.powBits)) return refuse('proof-of-work')
    const stored = await this.#service.put(id, { writer: key, tag, body, knock }, session.source)
    if (!stored.ok) return stored
    const { seq, fresh } = stored.value
    if (fresh) this.#subscribers.mail(id, seq, session)
    return ok({ case: 'stored', value: { seq } })
  }

  #list({ mailbox, after }: Of<'list'>, key: Uint8Array): Outcome {
    const id = this.#readable(mailbox, key)
    if (id === undefined) return refuse('unknown')
    const { entries, last } = this.#service.list(id, after, MAX_LISTING_ENTRIES)
    return ok({
      case: 'listing',
      value: { entries: entries.map(({ seq, tag, bytes }) => ({ seq, tag, size: bytes })), last },
    })
  }

  #get({ mailbox, seqs }: Of<'get'>, key: Uint8Array): Outcome {
    const id = this.#readable(mailbox, key)
    if (id === undefined) return refuse('unknown')
    return ok({
      case: 'bodies',
      value: { bodies: [...this.#service.get(id, [...new Set(seqs)])] },
    })
  }

  #subscribe({ mailboxes }: Of<'subscribe'>, keys: readonly Uint8Array[], session: Session): Outcome {
    const fresh = new Set<MailboxId>()
    for (const [index, mailbox] of mailboxes.entries()) {
      const id = this.#readable(mailbox, keys[index])
      if (id === undefined) return refuse('unknown')
      if (!session.mailboxes.has(id)) fresh.add(id)
    }
    if (session.mailboxes.size + fresh.size > MAX_SUBSCRIPTIONS_OF_A_SESSION) return refuse('quota')
    if (!this.#subscribers.hasRoom(fresh.size)) return refuse('busy')
    for (const id of fresh) {
      session.mailboxes.add(id)
      this.#subscribers.add(id, session)
    }
    return DONE
  }

  #unsubscribe({ mailboxes }: Of<'unsubscribe'>, session: Session): Outcome {
    for (const mailbox of mailboxes) {
      const id: MailboxId = toHex(mailbox)
      if (session.mailboxes.delete(id)) this.#subscribers.remove(id, session)
    }
    return DONE
  }

  #signal({ mailbox, record }: Of<'signal'>, key: Uint8Array, session: Session): Outcome {
    const id: MailboxId = toHex(mailbox)
    const params = this.#service.find(id)
    if (params === undefined || !mayWrite(params, key)) return refuse('unknown')
    // Who only holds a link may leave a knock, and cannot make anything be pushed to the inviter.
    if (params.lane === 'knock') return refuse('bad-request')
    return this.#subscribers.signal(id, record, session) ? DONE : refuse('busy')
  }

  #putBlob({ id, blob, expiresAt }: Of<'putBlob'>, owner: Uint8Array, { source }: Session): Promise<Outcome> {
    return this.#service.putBlob({ id, owner, bytes: blob, expiresAt }, source)
  }

  #getBlob({ id }: Of<'getBlob'>): Outcome {
    const blob = this.#service.getBlob(id)
    return blob === undefined ? refuse('unknown') : ok({ case: 'blob', value: { blob } })
  }

  #readable(mailbox: Uint8Array, key: Uint8Array | undefined): MailboxId | undefined {
    const id: MailboxId = toHex(mailbox)
    const params = this.#service.find(id)
    return params !== undefined && key !== undefined && equals(params.readKey, key) ? id : undefined
  }
}

function mayWrite({ writeKeys }: MailboxParams, key: Uint8Array): boolean {
  return writeKeys.some((writeKey) => equals(writeKey, key))
}

/** How many signatures an operation carries. */
function signersOf(op: Exclude<Op, { case: undefined }>): number {
  if (op.case === 'subscribe') return op.value.mailboxes.length
  return op.case === 'unsubscribe' || op.case === 'getBlob' ? 0 : 1
}
