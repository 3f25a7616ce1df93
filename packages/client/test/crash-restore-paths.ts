import { MortalProcess } from '@sotto/testkit'
import { createProfile } from '../src/profile.ts'
import {
  accept,
  activeOf,
  deviceOf,
  invite,
  join,
  say,
  talkOf,
  type Part,
  type Path,
  type Stage,
} from './crash-parts.ts'
import type { Device, SetUp } from './crash-scene.ts'

/** Sets Ben up, the first time anew, then from the words that were written down. */
const setUpBen =
  ({ scene }: Stage): SetUp =>
  async (parts) => {
    const words = scene.notes.get('words')
    const about = { name: 'Ben', relays: [scene.relay.address], ...(words === undefined ? {} : { phrase: words }) }
    const { recoveryPhrase } = await createProfile(parts, about)
    scene.notes.set('words', recoveryPhrase)
  }

/** Anna and Ben have a 1:1 and a group; then Ben has nothing left but the words. */
async function lost(stage: Stage): Promise<void> {
  const { scene } = stage
  const anna = await scene.begin('Anna')
  const ben = await scene.begin('Ben', new MortalProcess(), setUpBen(stage))
  await invite(anna, stage)
  await Promise.all([join(ben, stage), accept(anna, stage)])
  const members = pairsOf(anna).flatMap(({ peer }) => peer ?? [])
  const yes = accept(ben, stage, 'group')
  await anna.client.do('groupCreate', { title: 'Walks', members })
  await yes
  await scene.until(anna, () => membersOf(anna) === 2)
  await say(anna, stage, ['before'], 'group')
  await ben.client.stop()
  scene.devices.delete('Ben')
  scene.disks.delete('Ben')
  scene.notes.delete('link')
}

function pairsOf({ client }: Device): readonly { peer?: string; phase: string }[] {
  return client.snapshot.get().conversations.filter(({ kind }) => kind === 'pair') as never
}

function membersOf(device: Device): number {
  return (talkOf(device, 'group')?.members ?? []).filter(({ state }) => state === undefined).length
}

/** Meets Ben once more, and goes on with him in the group. */
const meetAgain: Part = async (anna, stage) => {
  const { scene } = stage
  if (pairsOf(anna).length === 1) {
    await invite(anna, stage)
    const find = (): string | undefined =>
      anna.client.snapshot.get().requests.find(({ kind }) => kind === 'contact')?.id
    const id = await scene.until(anna, find)
    await anna.client.do('accept', { id })
  }
  const restored = await scene.until(anna, () => scene.notes.get('restored'))
  const conversation = await scene.until(anna, () => activeOf(anna, 'group'))
  await scene.until(anna, () => anna.client.get(conversation).peerDevices.join() === restored)
  await say(anna, stage, ['after'], 'group')
  await scene.until(anna, () => pairsOf(anna).some(({ phase }) => phase === 'ended'))
}

const comeBack: Part = async (ben, stage) => {
  stage.scene.notes.set('restored', ben.client.snapshot.get().self.device)
  await join(ben, stage)
  await say(ben, stage, ['back'], 'group')
}

/** Who dies is who is named: the restored device, or that of the contact who brings it back. */
const restoring = (name: string, victim: string): Path => ({
  name,
  direct: true,
  victim,
  counted: victim === 'Ben' ? 'start' : 'online',
  before: lost,
  parts: { Anna: meetAgain, Ben: comeBack },
  setUps: (stage) => ({ Ben: setUpBen(stage) }),
  talks: [
    { kind: 'pair', people: [], texts: [], others: { Anna: ['hello'] } },
    { kind: 'pair', people: ['Anna', 'Ben'], texts: ['hello'] },
    {
      kind: 'group',
      people: ['Anna', 'Ben'],
      texts: ['before', 'after', 'back'],
      others: { Ben: ['after', 'back'] },
    },
  ],
  check: (stage) => {
    const retired = deviceOf(stage, 'Ben').client.snapshot.get().self.retired
    return Promise.resolve(retired ? ['the restored device is retired'] : [])
  },
})

export const RESTORE_PATHS: readonly Path[] = [restoring('restore', 'Ben'), restoring('bring back', 'Anna')]
