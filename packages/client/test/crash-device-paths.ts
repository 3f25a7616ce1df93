import { linkNewDevice } from '../src/devices/link-new.ts'
import { ClientError } from '../src/errors.ts'
import { activeOf, deviceOf, look, pair, say, type Part, type Path, type Stage } from './crash-parts.ts'
import type { Device, SetUp } from './crash-scene.ts'

/** A person leaves a code on the screen this long before asking for another. */
const SHOWN_MS = 150_000

/** The new device shows codes until one of them is answered. */
const showCodes =
  ({ scene }: Stage): SetUp =>
  async (parts) => {
    for (;;) {
      const onCode = (code: string): void => void scene.notes.set('code', code)
      const about = { relays: [scene.relay.address], onCode }
      const linked = await linkNewDevice(parts, about, { signal: AbortSignal.timeout(SHOWN_MS) }).catch(
        orSaid('link-stopped'),
      )
      if (linked !== undefined) return
    }
  }

/** What a person is told and goes on after. */
function orSaid(...codes: string[]): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof ClientError) || !codes.includes(error.code)) throw error
  }
}

/** Answers each code that is shown, until the new device is one. */
const answerCodes: Part = async (alice, stage) => {
  const { notes } = stage.scene
  let answered: string | undefined
  while (!notes.has('in')) {
    const code = await stage.scene.until(alice, () => {
      const shown = notes.get('code')
      return notes.has('in') ? 'in' : shown !== answered && shown
    })
    if (code === 'in') break
    answered = code
    await alice.client.do('deviceLink', { code }).catch(orSaid('no-answer', 'link-unfinished', 'already-linked'))
  }
  await revokeOthers(alice, stage)
  await say(alice, stage, ['from the desk'])
}

/** What a link that was interrupted has left in the list and nobody has: a person takes it out. */
async function revokeOthers({ client }: Device, { scene }: Stage): Promise<void> {
  const { rows } = await client.do('devices', {})
  for (const { device, current, retired } of rows) {
    if (!current && retired !== true && device !== scene.notes.get('in')) await client.do('deviceRevoke', { device })
  }
}

const comeIn: Part = async (phone, stage) => {
  await stage.scene.until(phone, () => activeOf(phone, 'pair'))
  stage.scene.notes.set('in', phone.client.snapshot.get().self.device)
  await say(phone, stage, ['from the phone'])
}

const listen: Part = (bob, stage) => look(bob, stage, ['from the desk', 'from the phone'])

const linking = (name: string, victim: string): Path => ({
  name,
  direct: true,
  victim,
  counted: victim === 'Phone' ? 'start' : 'online',
  before: pair,
  parts: { Alice: answerCodes, Phone: comeIn, Bob: listen },
  setUps: (stage) => ({ Phone: showCodes(stage) }),
  talks: [
    {
      kind: 'pair',
      people: ['Alice', 'Bob', 'Phone'],
      texts: ['hello', 'from the desk', 'from the phone'],
      others: { Phone: ['from the desk', 'from the phone'] },
    },
  ],
  async check(stage) {
    const { rows } = await deviceOf(stage, 'Alice').client.do('devices', {})
    const there = rows.filter(({ retired }) => retired !== true)
    return there.length === 2 ? [] : [`Alice has ${String(there.length)} devices`]
  },
})

/** A second device of Alice's; who dies is who is named. */
export const DEVICE_PATHS: readonly Path[] = [linking('link a device', 'Alice'), linking('be linked', 'Phone')]
