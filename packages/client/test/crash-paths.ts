import type { ConversationId, RequestId } from '@sotto/interface'
import type { ConversationSummary } from '../src/types.ts'
import type { Ledger } from './crash-ledger.ts'
import type { Device, Scene } from './crash-scene.ts'

/** What those in a path are given. */
export interface Stage {
  readonly scene: Scene
  readonly ledger: Ledger
}

type Part = (device: Device, stage: Stage) => Promise<void>

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
  /** Texts that both must see in the end, each once. */
  readonly texts: readonly string[]
}

export function requestOf({ client }: Device): RequestId | undefined {
  return client.snapshot.get().requests[0]?.id
}

function talk({ client }: Device): ConversationSummary | undefined {
  return client.snapshot.get().conversations[0]
}

function active(device: Device): ConversationId | undefined {
  const found = talk(device)
  return found?.phase === 'active' ? found.conversation : undefined
}

/** Says them in order, each once, however often it is begun. */
async function say(device: Device, { scene }: Stage, texts: readonly string[]): Promise<void> {
  const conversation = await scene.until(device, () => active(device))
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
async function look(device: Device, { scene, ledger }: Stage, texts: readonly string[]): Promise<void> {
  const conversation = await scene.until(device, () => active(device))
  const view = device.client.conversation(conversation)
  const done = view.subscribe(() => {})
  await scene.until(device, () => {
    const shown = new Set(view.get().rows.flatMap((row) => ('text' in row ? [row.text] : [])))
    return texts.every((text) => shown.has(text))
  })
  ledger.readers.add(device.name)
  await device.client.do('read', { conversation })
  done()
}

/** Makes an invitation and hands its link over. One whose making was interrupted is taken back: nobody was given that link. */
async function invite({ client }: Device, { scene }: Stage): Promise<void> {
  if (scene.notes.has('link')) return
  for (const { invitation, state } of client.snapshot.get().invitations) {
    if (state === 'open') await client.do('revoke', { id: invitation })
  }
  scene.notes.set('link', (await client.do('invite', {})).link)
}

async function join(device: Device, { scene }: Stage): Promise<void> {
  const link = await scene.until(device, () => scene.notes.get('link'))
  while (active(device) === undefined) {
    if (talk(device) === undefined) await device.client.do('join', { link, message: 'hello' })
    await scene.until(device, () => active(device) ?? (talk(device) === undefined && 'gone'))
  }
}

async function accept(device: Device, { scene }: Stage): Promise<void> {
  await scene.until(device, () => active(device) ?? requestOf(device))
  const id = requestOf(device)
  if (id !== undefined) await device.client.do('accept', { id })
}

async function pair({ scene, ledger }: Stage): Promise<void> {
  const stage = { scene, ledger }
  const alice = await scene.begin('Alice')
  const bob = await scene.begin('Bob')
  await invite(alice, stage)
  await Promise.all([join(bob, stage), accept(alice, stage)])
}

const CHAT = ['one', 'two', 'three']
const ANSWERS = ['uno', 'dos']

/** Both talk at once; Alice dies. */
const send = (name: string, direct: boolean): Path => ({
  name,
  direct,
  victim: 'Alice',
  counted: 'online',
  before: pair,
  parts: {
    Alice: (alice, stage) => say(alice, stage, CHAT),
    Bob: async (bob, stage) => {
      await say(bob, stage, ANSWERS)
      await look(bob, stage, CHAT)
    },
  },
  texts: ['hello', ...CHAT, ...ANSWERS],
})

/** Bob comes back to what was said while he was away, and dies. */
const receive = (name: string, direct: boolean): Path => ({
  name,
  direct,
  victim: 'Bob',
  counted: 'start',
  async before(stage) {
    await pair(stage)
    const { scene } = stage
    const [alice, bob] = ['Alice', 'Bob'].map((person) => scene.devices.get(person))
    if (alice === undefined || bob === undefined) throw new Error('nobody is here')
    await bob.client.stop()
    scene.devices.delete('Bob')
    const conversation = await scene.until(alice, () => active(alice))
    for (const text of CHAT) await alice.client.do('send', { conversation, text, wait: 'sent' })
  },
  parts: {
    Alice: (alice, stage) => say(alice, stage, ['more']),
    Bob: (bob, stage) => look(bob, stage, [...CHAT, 'more']),
  },
  texts: ['hello', ...CHAT, 'more'],
})

const welcome: Path['parts'] = {
  async Alice(alice, stage) {
    await accept(alice, stage)
    await say(alice, stage, ['welcome'])
  },
  async Bob(bob, stage) {
    await join(bob, stage)
    await look(bob, stage, ['welcome'])
  },
}

/** From an invitation to the first words; who dies is who is named. */
const meet = (name: string, victim: string, before: Path['before']): Path => ({
  name,
  direct: true,
  victim,
  counted: 'online',
  before,
  parts: welcome,
  texts: ['hello', 'welcome'],
})

async function invited(stage: Stage): Promise<void> {
  await stage.scene.begin('Bob')
  await invite(await stage.scene.begin('Alice'), stage)
}

async function asked(stage: Stage): Promise<void> {
  await invited(stage)
  const { scene } = stage
  const bob = scene.devices.get('Bob')
  if (bob === undefined) throw new Error('nobody is here')
  await bob.client.do('join', { link: scene.notes.get('link') ?? '', message: 'hello' })
  await scene.until(bob, () => talk(bob)?.phase === 'requested')
}

/** From nothing: Alice makes the invitation and dies. */
const inviting: Path = {
  ...meet('invite', 'Alice', async ({ scene }) => {
    await scene.begin('Alice')
    await scene.begin('Bob')
  }),
  parts: {
    ...welcome,
    async Alice(alice, stage) {
      await invite(alice, stage)
      await welcome['Alice']?.(alice, stage)
    },
  },
}

export const PATHS: readonly Path[] = [
  send('send', false),
  send('send directly', true),
  receive('receive', false),
  receive('receive directly', true),
  inviting,
  meet('join', 'Bob', invited),
  meet('accept', 'Alice', asked),
]
