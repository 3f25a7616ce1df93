import { DEVICE_PATHS } from './crash-device-paths.ts'
import { GROUP_PATHS } from './crash-group-paths.ts'
import { RESTORE_PATHS } from './crash-restore-paths.ts'
import {
  accept,
  activeOf,
  deviceOf,
  invite,
  join,
  look,
  pair,
  say,
  talkOf,
  type Path,
  type Stage,
  type Talk,
} from './crash-parts.ts'

function sees(...texts: readonly string[]): readonly Talk[] {
  return [{ kind: 'pair', people: ['Alice', 'Bob'], texts }]
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
  talks: sees('hello', ...CHAT, ...ANSWERS),
})

/** Bob is there and does nothing: Alice is told all the same that he has it, each time that she comes back. */
const quiet: Path = {
  ...send('send to the quiet', false),
  parts: { Alice: (alice, stage) => say(alice, stage, CHAT), Bob: async () => {} },
  talks: sees('hello', ...CHAT),
}

/** Bob comes back to what was said while he was away, and dies. */
const receive = (name: string, direct: boolean): Path => ({
  name,
  direct,
  victim: 'Bob',
  counted: 'start',
  async before(stage) {
    await pair(stage)
    const { scene } = stage
    const alice = deviceOf(stage, 'Alice')
    await deviceOf(stage, 'Bob').client.stop()
    scene.devices.delete('Bob')
    const conversation = await scene.until(alice, () => activeOf(alice, 'pair'))
    for (const text of CHAT) await alice.client.do('send', { conversation, text, wait: 'sent' })
  },
  parts: {
    Alice: (alice, stage) => say(alice, stage, ['more']),
    Bob: (bob, stage) => look(bob, stage, [...CHAT, 'more']),
  },
  talks: sees('hello', ...CHAT, 'more'),
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
  talks: sees('hello', 'welcome'),
})

async function invited(stage: Stage): Promise<void> {
  await stage.scene.begin('Bob')
  await invite(await stage.scene.begin('Alice'), stage)
}

async function asked(stage: Stage): Promise<void> {
  await invited(stage)
  const { scene } = stage
  const bob = deviceOf(stage, 'Bob')
  await bob.client.do('join', { link: scene.notes.get('link') ?? '', message: 'hello' })
  await scene.until(bob, () => talkOf(bob, 'pair')?.phase === 'requested')
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
  quiet,
  receive('receive', false),
  receive('receive directly', true),
  inviting,
  meet('join', 'Bob', invited),
  meet('accept', 'Alice', asked),
  ...GROUP_PATHS,
  ...DEVICE_PATHS,
  ...RESTORE_PATHS,
]
