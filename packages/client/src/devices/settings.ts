import { addressToBytes, bytesToAddress } from '@sotto/identity'
import type { Address, Change, ConversationId, DeviceId, EventId, Rows } from '@sotto/interface'
import { decodeSelfSettingBody, encodeProfileBody, encodeSelfSettingBody, fromHex, toHex } from '@sotto/wire'
import { fromString, toString } from 'uint8arrays'
import type { Context } from '../context.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { nameChanges, relaysChanges, relaysOnlyChanges } from '../profile.ts'
import { ownConversation } from './own-conversation.ts'

/** What is alike on all devices of an account. The rest (theme, passphrase, drafts) is each device's own. */
export type Setting =
  | { readonly case: 'name'; readonly value: string }
  | { readonly case: 'relays'; readonly value: readonly Address[] }
  | { readonly case: 'relaysOnly'; readonly value: boolean }

interface OwnInit {
  readonly context: Context
  conversations(): ReadonlyMap<ConversationId, Conversation>
}

/** Where a setting was said: its place in the order of the own conversation, and by which device. */
interface Said {
  readonly lamport: number
  readonly id: EventId
  readonly device: DeviceId | ''
}

const NEVER: Said = { lamport: 0, id: '0'.repeat(64) as EventId, device: '' }
/** Lies in the store from a new name until every conversation has been told. */
const UNTOLD = 'name untold'

/**
 * Sets it here and on the account's other devices. With several devices it is an event of their own conversation first, which this device
 * takes like the others do ({@link takeSetting}): so all of them end with the same, whoever said something at the same time.
 */
export async function putSetting({ context, conversations }: OwnInit, setting: Setting): Promise<void> {
  const own = ownConversation(conversations().values())
  if (own !== undefined) await own.lane.run(() => own.compose('self.setting', bodyOf(setting)))
  else await context.store.commit(changesOf(setting, true))
}

/** What a device of this account, perhaps this one, has set. The last word holds: what is older than that changes nothing. */
export async function takeSetting({ context }: OwnInit, event: Rows['events'], done: Change): Promise<void> {
  const { store, profile } = context
  const body = decodeSelfSettingBody(event.body)
  const setting = body.ok ? settingOf(body.value.setting) : undefined
  if (!body.ok || setting === undefined) return store.commit([done])
  const { said: first } = body.value
  const said: Said =
    first === undefined
      ? { lamport: event.lamport, id: event.eventId, device: event.device }
      : { lamport: first.lamport, id: toHex<EventId>(first.eventId), device: event.device }
  const before = await saidBefore(context, setting.case)
  if (before !== undefined && !isLater(said, before)) return store.commit([done])
  // Others take names as they come: whoever has told them another one tells them this one after it.
  const isOurs = [said.device, before?.device].includes(profile().device)
  const noted: Change = {
    put: 'meta',
    row: { key: keyOf(setting.case), value: fromString(JSON.stringify(said)) },
  }
  await store.commit([done, noted, ...changesOf(setting, isOurs)])
}

/** Says everything that is set here to a device that was linked just now, at the place where it was said first. */
export async function handOver({ context }: OwnInit, own: Conversation): Promise<void> {
  const { name, relays, relaysOnly } = context.profile()
  const isChosen = (await context.store.get('meta', ['relays-chosen'])) !== undefined
  const settings: Setting[] = [
    { case: 'name', value: name },
    // Those that nobody has chosen are where a device was set up.
    ...(isChosen ? [{ case: 'relays', value: relays } as const] : []),
    { case: 'relaysOnly', value: relaysOnly },
  ]
  for (const setting of settings) {
    const said = (await saidBefore(context, setting.case)) ?? NEVER
    await own.lane.run(() => own.compose('self.setting', bodyOf(setting, said)))
  }
}

/** Tells every conversation what this account is called, if that is still to be done. Doing it twice changes nothing. */
export async function tellName({ context, conversations }: OwnInit): Promise<void> {
  const { store, profile } = context
  const untold = await store.get('meta', [UNTOLD])
  if (untold === undefined) return
  const { name } = profile()
  for (const entry of conversations().values()) {
    if (entry.isOver || entry.kind === 'self') continue
    await entry.lane.run(() => entry.compose('profile', encodeProfileBody({ name })))
  }
  await store.commit([{ delete: 'meta', key: [UNTOLD] }])
}

function changesOf(setting: Setting, tells: boolean): Change[] {
  switch (setting.case) {
    case 'name':
      return [
        ...nameChanges(setting.value),
        ...(tells ? [{ put: 'meta', row: { key: UNTOLD, value: new Uint8Array([1]) } } as const] : []),
      ]
    case 'relays':
      return relaysChanges(setting.value)
    case 'relaysOnly':
      return relaysOnlyChanges(setting.value)
  }
}

function bodyOf(setting: Setting, said?: Said): Uint8Array {
  const value =
    setting.case === 'relays'
      ? { case: 'relays' as const, value: { relays: setting.value.map((address) => addressToBytes(address)) } }
      : setting
  return encodeSelfSettingBody({
    setting: value,
    ...(said === undefined ? {} : { said: { lamport: said.lamport, eventId: fromHex(said.id) } }),
  })
}

type Body = Extract<ReturnType<typeof decodeSelfSettingBody>, { ok: true }>['value']

function settingOf(said: Body['setting']): Setting | undefined {
  if (said.case !== 'relays') return said.case === undefined ? undefined : said
  const relays = said.value.relays.flatMap((bytes) => {
    const address = bytesToAddress(bytes)
    return address.ok ? [address.value] : []
  })
  return { case: 'relays', value: relays }
}

async function saidBefore({ store }: Context, setting: Setting['case']): Promise<Said | undefined> {
  const row = await store.get('meta', [keyOf(setting)])
  return row === undefined ? undefined : (JSON.parse(toString(row.value)) as Said)
}

function keyOf(setting: Setting['case']): string {
  return `setting ${setting}`
}

function isLater(a: Said, b: Said): boolean {
  return a.lamport !== b.lamport ? a.lamport > b.lamport : a.id > b.id
}
