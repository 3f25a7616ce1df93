import type { AccountId, ConversationId, Crypto, Rows, Store } from '@sotto/interface'
import { fromHex, type SignedRecord } from '@sotto/wire'
import { fromString, toString } from 'uint8arrays'
import type { Context } from '../context.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { ClientError } from '../errors.ts'
import { checkThing } from './checked-thing.ts'
import { Control, type Kept } from './control.ts'

/** Whoever was ever in a group may have a name there; more are not shown. */
const MAX_NAMES = 1_024

/** The control log of a conversation as it is stored, if it has one. */
export async function loadControl(context: Context, conversation: ConversationId): Promise<Control | undefined> {
  const rows = await context.store.list('control', { prefix: [conversation] })
  if (rows.length === 0) return undefined
  const crypto = trusting(context.crypto)
  const things: Kept[] = []
  for (const row of rows) things.push(await keptIn(crypto, row))
  const control = Control.empty.with(things.toSorted((a, b) => a.thing.lamport - b.thing.lamport))
  if (control.log.size === 0) {
    throw new ClientError('store-broken', 'A stored conversation has lost its beginning. Restore the store.')
  }
  return control
}

async function keptIn(crypto: Crypto, row: Rows['control']): Promise<Kept> {
  const record = { body: row.body, device: fromHex(row.device), signature: row.signature } as SignedRecord
  const checked = await checkThing(crypto, row.conversation, record)
  if (!checked.ok) throw new ClientError('store-broken', 'A stored conversation is damaged. Restore the store.')
  return { ...checked.value, attachment: row.attachment }
}

/** Signatures were checked before anything was stored: at each start they would cost seconds. */
function trusting(crypto: Crypto): Crypto {
  return { ...crypto, ed25519: { ...crypto.ed25519, verify: () => Promise.resolve(true) } }
}

/** What members call themselves in this group, newest word. */
export async function loadNames(store: Store, conversation: ConversationId): Promise<ReadonlyMap<AccountId, string>> {
  const prefix = keyOf(conversation, '')
  const rows = await store.list('meta', { prefix: [], after: [prefix], limit: MAX_NAMES })
  const own = rows.filter(({ key }) => key.startsWith(prefix))
  return new Map(own.map(({ key, value }) => [key.slice(prefix.length) as AccountId, toString(value)]))
}

/** A member has said what it is called. */
export async function keepName(conversation: Conversation, account: AccountId, name: string): Promise<void> {
  const { store, changed } = conversation.context
  await store.commit([{ put: 'meta', row: { key: keyOf(conversation.id, account), value: fromString(name) } }])
  conversation.names = new Map(conversation.names).set(account, name)
  changed()
}

function keyOf(conversation: ConversationId, account: string): string {
  return `name ${conversation} ${account}`
}
