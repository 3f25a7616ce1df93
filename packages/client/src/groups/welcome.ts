import { sha256 } from '@noble/hashes/sha2.js'
import type { AccountId, Change, ConversationId, Rows } from '@sotto/interface'
import {
  decodeGroupWelcomeBody,
  encodeGroupWelcomeBody,
  fromHex,
  MAX_WELCOME_PART_BYTES,
  toHex,
  type GroupWelcomeBody,
} from '@sotto/wire'
import { concat } from 'uint8arrays'
import type { Conversation } from '../conversation/conversation.ts'

/** As long as the key package is good that a Welcome is for. */
const PARTS_MS = 90 * 86_400_000
/** Parts by one device that wait for the rest, at most: two of the largest bundles. */
const MAX_WAITING_PARTS = 256

/** A bundle whose parts have all come, and the events that brought them. */
export interface WholeWelcome {
  readonly conversation: ConversationId
  readonly account: AccountId
  readonly bundle: Uint8Array
  readonly errands: readonly Rows['errands'][]
}

/** Kinds of events that bring a bundle in parts. */
export type PartKind = 'group.welcome' | 'group.log' | 'group.recover'

/** Sends a bundle in parts as events of `through`; the last of them takes the row along that asked for it. */
export function sendWelcome(through: Conversation, row: Rows['welcomes']): Promise<void> {
  return sendParts(through, 'group.welcome', row, [{ delete: 'welcomes', key: [row.conversation, row.account] }])
}

/** Sends bytes about a conversation in parts as events of `through`, the last of them together with `done`. */
export async function sendParts(
  through: Conversation,
  kind: PartKind,
  { conversation, account, bundle }: Pick<Rows['welcomes'], 'conversation' | 'account' | 'bundle'>,
  done: readonly Change[],
): Promise<void> {
  const parts = Math.ceil(bundle.length / MAX_WELCOME_PART_BYTES)
  const bundleHash = sha256(bundle)
  for (let part = 0; part < parts; part += 1) {
    const body = encodeGroupWelcomeBody({
      conversation: fromHex(conversation),
      account: fromHex(account),
      bundleHash,
      part,
      parts,
      bytes: bundle.slice(part * MAX_WELCOME_PART_BYTES, (part + 1) * MAX_WELCOME_PART_BYTES),
    })
    await through.compose(kind, body, part < parts - 1 ? [] : done)
  }
}

/** The bundles among the errands of a conversation whose parts are all here. Parts that cannot be read are answered as `useless`. */
export async function wholeWelcomes(
  conversation: Conversation,
  kind: PartKind = 'group.welcome',
): Promise<{ whole: readonly WholeWelcome[]; useless: readonly Rows['errands'][] }> {
  const { store } = conversation.context
  const errands = (await store.list('errands', { prefix: [conversation.id] })).filter((row) => row.kind === kind)
  const bundles = new Map<string, { body: GroupWelcomeBody; errand: Rows['errands'] }[]>()
  const useless: Rows['errands'][] = []
  for (const errand of errands) {
    const event = await store.get('events', [errand.conversation, errand.device, errand.seq])
    const body = decodeGroupWelcomeBody(event?.body ?? new Uint8Array())
    if (!body.ok) {
      useless.push(errand)
      continue
    }
    const name = `${errand.device} ${toHex(body.value.conversation)} ${toHex(body.value.account)} ${toHex(body.value.bundleHash)}`
    bundles.set(name, [...(bundles.get(name) ?? []), { body: body.value, errand }])
  }
  const whole = [...bundles.values()].flatMap((entries) => assembled(entries) ?? [])
  const used = new Set(whole.flatMap((welcome) => welcome.errands))
  const waiting = errands.filter((errand) => !used.has(errand) && !useless.includes(errand))
  return { whole, useless: [...useless, ...(await inVain(conversation, waiting))] }
}

/** Parts that wait for the rest for too long, or of which a device has sent too many: the oldest give way. */
async function inVain(
  { context }: Conversation,
  waiting: readonly Rows['errands'][],
): Promise<readonly Rows['errands'][]> {
  const old: Rows['errands'][] = []
  for (const errand of waiting) {
    const event = await context.store.get('events', [errand.conversation, errand.device, errand.seq])
    if (event === undefined || context.clock.now() - event.receivedAt > PARTS_MS) old.push(errand)
  }
  const young = Map.groupBy(
    waiting.filter((errand) => !old.includes(errand)),
    ({ device }) => device,
  )
  const beyond = [...young.values()].flatMap((of) => of.toSorted((a, b) => b.seq - a.seq).slice(MAX_WAITING_PARTS))
  return [...old, ...beyond]
}

function assembled(entries: readonly { body: GroupWelcomeBody; errand: Rows['errands'] }[]): WholeWelcome | undefined {
  const [first] = entries
  if (first === undefined) return undefined
  const parts = new Map(entries.map(({ body }) => [body.part, body.bytes]))
  const pieces = Array.from({ length: first.body.parts }, (_, part) => parts.get(part))
  if (pieces.includes(undefined)) return undefined
  const bundle = concat(pieces.filter((piece) => piece !== undefined))
  return {
    conversation: toHex<ConversationId>(first.body.conversation),
    account: toHex<AccountId>(first.body.account),
    // A wrong hash gives an empty bundle, which nobody can enter with.
    bundle: toHex(sha256(bundle)) === toHex(first.body.bundleHash) ? bundle : new Uint8Array(),
    errands: entries.map(({ errand }) => errand),
  }
}
