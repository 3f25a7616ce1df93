import assert from 'node:assert/strict'
import { becomeContacts } from '../peers/contacts.ts'
import { expectSame, talk } from '../peers/talk.ts'
import type { Online } from '../peers/online.ts'
import type { Stage } from '../peers/stage.ts'
import type { Figures, Scenario } from './scenario.ts'

/** Messages each way after the relay is gone. */
const AFTER = 20

export const relayKilled: Scenario = {
  about: 'two terminals meet, talk directly, and go on when the only relay is killed',
  play: (stage) => play(stage, []),
}

export const relayKilledWebRtc: Scenario = {
  about: 'the same, with WebRTC as the only way of connecting directly',
  play: (stage) => play(stage, ['--transports', 'webrtc']),
}

async function play(stage: Stage, options: readonly string[]): Promise<Figures> {
  const relay = await stage.relay()
  const [alice, bob] = [await stage.person('Alice', relay), await stage.person('Bob', relay)]
  const conversation = await becomeContacts(alice, bob, 'Hello Alice')
  const began = performance.now()
  const [a, b] = await Promise.all([alice.run('--verbose', ...options), bob.run('--verbose', ...options)])
  await a.until({ type: 'connection', account: bob.account, kind: 'direct' })
  await b.until({ type: 'connection', account: alice.account, kind: 'direct' })
  const directAfterMs = Math.round(performance.now() - began)
  const between = [
    { account: alice.account, online: a },
    { account: bob.account, online: b },
  ] as const
  const before = await talk(stage.random, { between, conversation, name: 'before', count: 3 })

  await relay.kill('SIGKILL')
  const after = await talk(stage.random, { between, conversation, name: 'after', count: AFTER })
  for (const { program, ask } of [a, b]) {
    const told = program.lines.filter((line) => line['type'] === 'message' && String(line['text']).startsWith('after'))
    assert.deepEqual(new Set(told.map((line) => line['via'])), new Set(['direct']))
    const rows = (await ask('status'))['rows'] as { relay?: string; reachable?: boolean; kind?: string }[]
    assert.deepEqual(
      rows.filter((row) => row.relay !== undefined),
      [{ relay: relay.address, reachable: false }],
    )
    assert.deepEqual(
      rows.flatMap((row) => row.kind ?? []),
      ['direct'],
    )
  }
  const paths = [await pathOf(a), await pathOf(b)]
  await Promise.all([a.stop(), b.stop()])
  const hello = [{ author: bob.account, text: 'Hello Alice' }]
  await expectSame([alice, bob], conversation, [...hello, ...before, ...after])
  return { directAfterMs, alice: paths[0] ?? '', bob: paths[1] ?? '', afterTheRelayWasKilled: after.length }
}

/** The way and the encryption of the path, read from the connection itself. */
async function pathOf({ program }: Online): Promise<string> {
  const [, path = ''] = /direct path (transport=.*)$/m.exec(program.err()) ?? []
  assert.notEqual(path, '', 'no path was reported')
  return path
}
