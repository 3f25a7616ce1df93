import assert from 'node:assert/strict'
import { meet, messagesOf } from '../peers/contacts.ts'
import type { Line } from '../peers/lines.ts'
import type { Online } from '../peers/online.ts'
import type { Stage } from '../peers/stage.ts'
import type { Figures, Scenario } from './scenario.ts'

export const restoredAccount: Scenario = {
  about: 'somebody who has lost the only device is back by the words and one contact; the lost device is out',
  play,
}

const REVOKED = 'This device was revoked by another one of yours. Nothing can be sent from here any more.'
const PATIENCE_MS = 60_000

async function play(stage: Stage): Promise<Figures> {
  const relay = await stage.relay()
  const [alice, ben] = [await stage.person('Alice', relay), await stage.person('Ben', relay)]
  const [a, lost] = await Promise.all([alice.run(), ben.run()])
  const old = await meet(a, lost, 'Hello')
  const { conversation } = await a.ask('group create', { title: 'Walks', member: [ben.account] })
  const group = String(conversation)
  const { id } = await lost.until({ type: 'request', kind: 'group' })
  await lost.ask('accept', { id })
  await membersOf(lost, group, 2)
  await a.send(group, 'before')
  await lost.until({ type: 'message', text: 'before' })

  const restored = stage.terminal('ben again')
  const init = ['init', '--name', 'Ben', '--relay', relay.address, '--restore']
  const made = await restored.attempt(init, { input: `${ben.phrase}\n` })
  assert.equal(made.lines[0]?.['account'], ben.account)
  const back = await restored.run()
  const fresh = await meet(a, back, 'It is me again')
  await membersOf(back, group, 2)
  await a.until({ type: 'notice', name: 'contact-restored' })
  await lost.until({ type: 'notice', name: 'device-revoked' })
  await back.send(group, 'back again')
  await a.until({ type: 'message', text: 'back again' })
  await a.send(group, 'after')
  await back.until({ type: 'message', text: 'after' })
  await a.send(fresh, 'between us')
  await back.until({ type: 'message', text: 'between us' })
  await assert.rejects(lost.ask('send', { conversation: group, text: 'still me' }), { message: REVOKED })
  await assert.rejects(a.ask('send', { conversation: old, text: 'to nobody' }))
  const { rows } = await back.ask('device list')
  const devices = (rows as readonly Line[]).map(({ device, current, retired }) => [device, current, retired])
  assert.deepEqual(devices, [
    [made.lines[0]['device'], true, undefined],
    [ben.device, false, true],
  ])
  await Promise.all([a.stop(), lost.stop(), back.stop()])
  const seen = (await messagesOf(ben, group)).map(({ text }) => text)
  assert.deepEqual(seen, ['before'])
  return { back: true, lostDeviceReads: seen.length - 1 }
}

/** Waits until it is in that conversation with so many. */
async function membersOf(at: Online, conversation: string, count: number): Promise<void> {
  const end = performance.now() + PATIENCE_MS
  while (performance.now() < end) {
    const { rows } = await at.ask('conversations')
    const row = (rows as readonly Line[]).find((each) => each['conversation'] === conversation)
    const members = (row?.['members'] ?? []) as readonly Line[]
    if (members.filter(({ state }) => state === undefined).length === count) return
  }
  throw new Error('It never came in.')
}
