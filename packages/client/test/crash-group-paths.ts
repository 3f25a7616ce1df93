import {
  accept,
  activeOf,
  deviceOf,
  invite,
  join,
  look,
  say,
  talkOf,
  type Part,
  type Path,
  type Stage,
  type Talk,
} from './crash-parts.ts'
import type { Device } from './crash-scene.ts'
import { receive } from '../src/conversation/receive.ts'

const ALL = ['Anna', 'Ben', 'Cleo']
const GUESTS = ['Ben', 'Cleo']
const PAIRS: readonly Talk[] = GUESTS.map((guest) => ({ kind: 'pair', people: ['Anna', guest], texts: ['hello'] }))

/** Anna knows both; Ben and Cleo do not know each other. */
async function contacts(stage: Stage): Promise<void> {
  const { scene } = stage
  const anna = await scene.begin('Anna')
  for (const name of GUESTS) {
    const guest = await scene.begin(name)
    scene.notes.delete('link')
    await invite(anna, stage)
    const asked = scene.until(anna, () => anna.client.snapshot.get().requests[0]?.id)
    await Promise.all([join(guest, stage), asked.then((id) => anna.client.do('accept', { id }))])
  }
}

/** Makes the group, unless it is there, and waits until all are in it. */
async function create(anna: Device, stage: Stage): Promise<void> {
  const { scene } = stage
  if (talkOf(anna, 'group') === undefined) {
    const pairs = anna.client.snapshot.get().conversations.filter(({ kind }) => kind === 'pair')
    await anna.client.do('groupCreate', { title: 'Walks', members: pairs.flatMap(({ peer }) => peer ?? []) })
  }
  await scene.until(anna, () => membersOf(anna).length === 3)
}

/** The names of those who are in the group, nobody who is still coming or going. */
function membersOf(device: Device): string[] {
  const members = talkOf(device, 'group')?.members ?? []
  return members.filter(({ state }) => state === undefined).map(({ name }) => name)
}

async function asked(stage: Stage): Promise<void> {
  await contacts(stage)
  const anna = deviceOf(stage, 'Anna')
  const created = create(anna, stage)
  const asks = GUESTS.map((name) => {
    const guest = deviceOf(stage, name)
    return stage.scene.until(guest, () => guest.client.snapshot.get().requests[0])
  })
  await Promise.all(asks)
  // Nobody says yes yet.
  void created
}

async function founded(stage: Stage): Promise<void> {
  await contacts(stage)
  const yes = GUESTS.map((name) => accept(deviceOf(stage, name), stage, 'group'))
  await Promise.all([create(deviceOf(stage, 'Anna'), stage), ...yes])
  for (const name of ALL) {
    const device = deviceOf(stage, name)
    await stage.scene.until(device, () => membersOf(device).length === 3)
  }
  await say(deviceOf(stage, 'Anna'), stage, ['before'], 'group')
}

/** Says yes to the group and to those in it. */
const comeIn: Part = async (device, stage) => {
  await accept(device, stage, 'group')
  await stage.scene.until(device, () => membersOf(device).length === 3)
  await say(device, stage, [`I am ${device.name}`], 'group')
}

const begin: Path['parts'] = {
  async Anna(anna, stage) {
    await create(anna, stage)
    await say(anna, stage, ['welcome'], 'group')
  },
  Ben: comeIn,
  Cleo: comeIn,
}

/** A group that begins: Anna makes it, the others say yes; who dies is who is named. */
const beginning = (name: string, victim: string, before: Path['before']): Path => ({
  name,
  direct: true,
  victim,
  counted: 'online',
  before,
  parts: begin,
  talks: [...PAIRS, { kind: 'group', people: ALL, texts: ['I am Ben', 'I am Cleo', 'welcome'] }],
})

/** Takes Cleo out, unless that is done, and goes on without her. */
const remove: Part = async (anna, stage) => {
  const { scene } = stage
  const conversation = await scene.until(anna, () => activeOf(anna, 'group'))
  const cleo = talkOf(anna, 'group')?.members.find(({ name, state }) => name === 'Cleo' && state === undefined)
  if (cleo !== undefined) await anna.client.do('groupRemove', { conversation, account: cleo.account })
  await scene.until(anna, () => membersOf(anna).length === 2)
  await say(anna, stage, ['without her'], 'group')
}

const follow: Part = (ben, stage) => look(ben, stage, ['without her'], 'group')

const gone: Part = async (cleo, { scene }) => {
  await scene.until(cleo, () => talkOf(cleo, 'group')?.phase === 'ended')
}

/** Goes, unless that is done. */
const leave: Part = async (cleo, stage) => {
  const conversation = activeOf(cleo, 'group')
  if (conversation !== undefined) await cleo.client.do('groupLeave', { conversation })
  await gone(cleo, stage)
}

/** Goes on without Cleo when she has left. */
const stay: Part = async (anna, stage) => {
  await stage.scene.until(anna, () => membersOf(anna).length === 2)
  await say(anna, stage, ['without her'], 'group')
}

const shrinking = (name: string, victim: string, parts: Path['parts']): Path => ({
  name,
  direct: true,
  victim,
  counted: 'online',
  before: founded,
  parts,
  talks: [
    ...PAIRS,
    { kind: 'group', people: ['Anna', 'Ben'], texts: ['before', 'without her'], others: { Cleo: ['before'] } },
  ],
})

/** All talk at once; Ben, whom Cleo reaches only by way of Anna or a relay, dies. */
const talking: Path = {
  name: 'group send',
  direct: true,
  victim: 'Ben',
  counted: 'online',
  before: founded,
  parts: {
    Anna: (anna, stage) => say(anna, stage, ['one'], 'group'),
    Ben: (ben, stage) => say(ben, stage, ['two', 'three'], 'group'),
    Cleo: (cleo, stage) => say(cleo, stage, ['four'], 'group'),
  },
  talks: [...PAIRS, { kind: 'group', people: ALL, texts: ['before', 'one', 'two', 'three', 'four'] }],
}

/** What Cleo says last reaches Ben and nobody else; she does not come back. */
async function withheld(stage: Stage): Promise<void> {
  await founded(stage)
  const { network, relay } = stage.scene
  const [ben, cleo] = [deviceOf(stage, 'Ben'), deviceOf(stage, 'Cleo')]
  const group = cleo.client.get(activeOf(cleo, 'group') ?? '')
  network.setRelay(relay.address, false)
  await cleo.client.do('send', { conversation: group.id, text: 'her last' })
  await group.lane.run(() => group.step({ type: 'seal-due' }))
  const rows = await group.context.store.list('outbox', { prefix: [group.id] })
  await cleo.client.stop()
  network.setRelay(relay.address, true)
  const his = ben.client.get(group.id)
  for (const { kind, innerId, inner } of rows)
    if (kind === 'application') await his.lane.run(() => receive(his, innerId, inner, { via: 'mailbox' }))
}

/** Takes Cleo out and gets what she said last from Ben. */
const ask: Part = async (anna, stage) => {
  await remove(anna, stage)
  await look(anna, stage, ['her last'], 'group')
}

/** Somebody asks for what another one said who is gone, and one who has it gives it. */
const giving = (name: string, victim: string): Path => ({
  name,
  direct: false,
  victim,
  counted: 'online',
  before: withheld,
  parts: { Anna: ask, Ben: follow },
  talks: [
    { kind: 'pair', people: ['Anna', 'Ben'], texts: ['hello'] },
    // Cleo is not there to be asked how she sees it.
    { kind: 'pair', people: ['Anna'], texts: ['hello'] },
    { kind: 'group', people: ['Anna', 'Ben'], texts: ['before', 'her last', 'without her'] },
  ],
})

const removing = { Anna: remove, Ben: follow, Cleo: gone }

export const GROUP_PATHS: readonly Path[] = [
  beginning('group create', 'Anna', contacts),
  beginning('group accept', 'Ben', asked),
  talking,
  shrinking('group remove', 'Anna', removing),
  shrinking('group removed by another', 'Ben', removing),
  shrinking('group removed', 'Cleo', removing),
  giving('group ask others', 'Anna'),
  giving('group give on', 'Ben'),
  shrinking('group leave', 'Cleo', { Anna: stay, Ben: follow, Cleo: leave }),
]
