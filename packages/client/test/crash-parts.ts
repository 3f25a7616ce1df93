import type { ConversationId } from '@sotto/interface'
import type { ConversationSummary } from '../src/snapshots/conversation-snapshots.ts'
import { looks, type Ledger } from './crash-ledger.ts'
import type { Device, Scene, SetUp } from './crash-scene.ts'

/** What those in a path are given. */
export interface Stage {
  readonly scene: Scene
  readonly ledger: Ledger
}

export type Part = (device: Device, stage: Stage) => Promise<void>
type Kind = ConversationSummary['kind']

/** What must be so in the end of a conversation: who is in it, and the texts that all of them see, each once. */
export interface Talk {
  readonly kind: Kind
  readonly people: readonly string[]
  readonly texts: readonly string[]
  /** Who sees others, having come later or gone earlier; those who are not in it any more see it as ended. */
  readonly others?: Readonly<Record<string, readonly string[]>>
}

/**
 * Something that people do, in the midst of which the victim's process dies. A part may begin again after a crash, so it looks first
 * what is done already, as a person does who opens the app again.
 */
export interface Path {
  readonly name: string
  readonly direct: boolean
  readonly victim: string
  /** `start` counts the victim's start too, else its calls count from the moment that it is online. */
  readonly counted: 'start' | 'online'
  /** Brings about what the path begins with; everybody is stopped afterwards. */
  before(stage: Stage): Promise<void>
  readonly parts: Readonly<Record<string, Part>>
  readonly talks: readonly Talk[]
  /** How devices begin that are not people's first. */
  readonly setUps?: (stage: Stage) => Readonly<Record<string, SetUp>>
  /** What else must be so in the end; answers what is not. */
  readonly check?: (stage: Stage) => Promise<readonly string[]>
}

export function deviceOf({ scene }: Stage, name: string): Device {
  const device = scene.devices.get(name)
  if (device === undefined) throw new Error(`${name} is not here`)
  return device
}

/** The newest conversation of that kind. */
export function talkOf({ client }: Device, kind: Kind): ConversationSummary | undefined {
  return client.snapshot.get().conversations.find((entry) => entry.kind === kind)
}

export function activeOf(device: Device, kind: Kind): ConversationId | undefined {
  const found = talkOf(device, kind)
  return found?.phase === 'active' ? found.conversation : undefined
}

/** Says them in order, each once, however often it is begun, and waits until all have them. */
export async function say(
  device: Device,
  { scene }: Stage,
  texts: readonly string[],
  kind: Kind = 'pair',
): Promise<void> {
  const conversation = await scene.until(device, () => activeOf(device, kind))
  for (const text of texts) await device.client.do('send', { conversation, text, once: keyOf(device, text) })
  const view = device.client.conversation(conversation)
  const done = view.subscribe(() => {})
  await scene.until(device, () => {
    const own = view.get().rows.flatMap((row) => ('text' in row && row.own ? [row] : []))
    return texts.every((text) => own.some((row) => row.text === text && ['delivered', 'read'].includes(row.state)))
  })
  done()
}

/** 32 bytes that belong to that text of that person. */
function keyOf({ name }: Device, text: string): string {
  return Buffer.from(`${name} ${text}`).toString('hex').padEnd(64, '0')
}

/** Waits until all of these are there, and looks at them. */
export async function look(
  device: Device,
  { scene }: Stage,
  texts: readonly string[],
  kind: Kind = 'pair',
): Promise<void> {
  const conversation = await scene.until(device, () => activeOf(device, kind))
  const view = device.client.conversation(conversation)
  const done = view.subscribe(() => {})
  await scene.until(device, () => {
    const shown = new Set(view.get().rows.flatMap((row) => ('text' in row ? [row.text] : [])))
    return texts.every((text) => shown.has(text))
  })
  looks(scene, device)
  await device.client.do('read', { conversation })
  done()
}

/** Hands an invitation's link over: of the one that is open already, or of a new one. */
export async function invite({ client }: Device, { scene }: Stage): Promise<void> {
  if (scene.notes.has('link')) return
  const open = client.snapshot.get().invitations.find(({ state }) => state === 'open')
  const { link } = open ?? (await client.do('invite', {}))
  scene.notes.set('link', link)
}

/** Goes where the link leads, until it is answered. */
export async function join(device: Device, { scene }: Stage): Promise<void> {
  const link = await scene.until(device, () => scene.notes.get('link'))
  while (activeOf(device, 'pair') === undefined) {
    if (talkOf(device, 'pair') === undefined) await device.client.do('join', { link, message: 'hello' })
    await scene.until(device, () => activeOf(device, 'pair') ?? (talkOf(device, 'pair') === undefined && 'gone'))
  }
}

/** Says yes to the request that comes, unless that is done. */
export async function accept(device: Device, { scene }: Stage, kind: Kind = 'pair'): Promise<void> {
  const asks = kind === 'pair' ? 'contact' : 'group'
  const find = (): string | undefined => device.client.snapshot.get().requests.find((row) => row.kind === asks)?.id
  await scene.until(device, () => activeOf(device, kind) ?? find())
  const id = find()
  if (id !== undefined) await device.client.do('accept', { id })
}

/** Alice and Bob become each other's contacts. */
export async function pair(stage: Stage): Promise<void> {
  const alice = await stage.scene.begin('Alice')
  const bob = await stage.scene.begin('Bob')
  await invite(alice, stage)
  await Promise.all([join(bob, stage), accept(alice, stage)])
}
