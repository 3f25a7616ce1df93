import assert from 'node:assert/strict'
import { meet, messagesOf } from '../peers/contacts.ts'
import { listenAt } from '../peers/listener.ts'
import type { Stage } from '../peers/stage.ts'
import { expectStates, statesTold } from '../peers/states.ts'
import type { Figures, Scenario } from './scenario.ts'

export const noRelay: Scenario = {
  about: 'what is written while no relay is in reach is kept, and arrives later, in order',
  play,
}

async function play(stage: Stage): Promise<Figures> {
  const relay = await stage.relay()
  const [alice, bob] = [await stage.person('Alice', relay), await stage.person('Bob', relay)]
  const [a, b] = await Promise.all([alice.run(), bob.run()])
  const conversation = await meet(a, b, 'Hello')
  await Promise.all([a.until({ type: 'connection', kind: 'direct' }), b.until({ type: 'connection', kind: 'direct' })])
  await Promise.all([a.stop(), b.stop()])
  await relay.kill('SIGKILL')
  const texts = Array.from({ length: 10 }, (_, at) => `written without a relay, ${at}`)
  const ids: string[] = []

  // One command after the other: the first half never touches the network.
  const door = await listenAt(relay.port)
  for (const text of texts.slice(0, 5)) {
    const [{ message, state } = {}] = await alice.sotto('send', conversation, text, '--wait', 'queued')
    assert.equal(state, 'queued')
    ids.push(String(message))
  }
  assert.equal(door.connections, 0)
  const { code, lines, err } = await alice.attempt(['sync', '--timeout', '2s'])
  assert.deepEqual([code, lines, err], [1, [{ received: 0, sent: 0, queued: 5 }], 'No relay answered.\n'])
  assert.ok(door.connections > 0, 'who goes online is counted')
  await door.close()

  // The second half while online, as far as that goes.
  const alone = await alice.run()
  for (const text of texts.slice(5)) ids.push(await alone.send(conversation, text))
  await assert.rejects(alone.ask('sync', { timeout: 1_000 }), /No relay answered/)
  assert.deepEqual((await alone.ask('status'))['rows'], [
    { relay: relay.address, reachable: false },
    { account: bob.account, kind: 'none' },
    { waiting: 10, for: bob.account, because: 'No relay of this conversation answers.' },
  ])
  assert.deepEqual(statesTold(alone, ids), { queued: 5 })
  await alone.stop(stage.random.pick(['SIGTERM', 'SIGKILL']))
  expectStates(await alice.sotto('messages', conversation), ids, 'queued')

  await relay.restart()
  const later = await alice.run()
  for (const message of ids) await later.until({ type: 'state', message, state: 'sent' })
  assert.deepEqual(statesTold(later, ids), { sent: 10 })
  await later.stop()
  expectStates(await alice.sotto('messages', conversation), ids, 'sent')

  const back = await bob.run()
  for (const [at, text] of texts.entries()) await back.until({ type: 'message', id: ids[at], text, via: 'mailbox' })
  await back.ask('sync')
  await back.stop()
  const kept = (await messagesOf(bob, conversation)).filter((message) => message.author === alice.account)
  assert.deepEqual(
    kept.map((message) => message.text),
    texts,
  )
  assert.equal(back.facts({ type: 'message', author: alice.account }).length, texts.length)

  const last = await alice.run()
  for (const message of ids) await last.until({ type: 'state', message, state: 'delivered' })
  await last.stop()
  expectStates(await alice.sotto('messages', conversation), ids, 'delivered')
  return { messages: ids.length }
}
