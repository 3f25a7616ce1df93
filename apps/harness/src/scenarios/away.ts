import assert from 'node:assert/strict'
import { meet, messagesOf } from '../peers/contacts.ts'
import type { Stage } from '../peers/stage.ts'
import { expectStates, statesTold } from '../peers/states.ts'
import type { Figures, Scenario } from './scenario.ts'

/** How the two leave, and whether the relay loses its power while nobody is there. */
interface How {
  readonly signal: NodeJS.Signals
  readonly relayKilled: boolean
}

export const awayStopped: Scenario = {
  about: 'one is stopped, is written to, comes back: once, in order, and truthful states throughout',
  play: (stage) => play(stage, { signal: 'SIGTERM', relayKilled: false }),
}

export const awayKilled: Scenario = {
  about: 'the same with both killed',
  play: (stage) => play(stage, { signal: 'SIGKILL', relayKilled: false }),
}

export const awayRelayKilled: Scenario = {
  about: 'the same with both killed, and the relay killed and started again in between',
  play: (stage) => play(stage, { signal: 'SIGKILL', relayKilled: true }),
}

async function play(stage: Stage, { signal, relayKilled }: How): Promise<Figures> {
  const relay = await stage.relay()
  const [alice, bob] = [await stage.person('Alice', relay), await stage.person('Bob', relay)]
  const [a, b] = await Promise.all([alice.run(), bob.run()])
  const conversation = await meet(a, b, 'Hello')
  await a.until({ type: 'connection', account: bob.account, kind: 'direct' })
  const texts = Array.from({ length: 3 + stage.random.integer(5) }, (_, at) => `for when you are back, ${at}`)

  await b.stop(signal)
  const ids: string[] = []
  for (const text of texts) ids.push(await a.send(conversation, text))
  for (const message of ids) await a.until({ type: 'state', message, state: 'sent' })
  await a.stop(signal)
  assert.deepEqual(statesTold(a, ids), { queued: ids.length, sent: ids.length })
  expectStates(await alice.sotto('messages', conversation), ids, 'sent')
  if (relayKilled) {
    await relay.kill('SIGKILL')
    await relay.restart()
  }

  const back = await bob.run()
  for (const [at, text] of texts.entries()) await back.until({ type: 'message', id: ids[at], text, via: 'mailbox' })
  await back.ask('sync')
  await back.stop()
  const heard = back.facts({ type: 'message', author: alice.account })
  assert.deepEqual(
    heard.map((line) => line['text']),
    texts,
  )
  const kept = (await messagesOf(bob, conversation)).filter((message) => message.author === alice.account)
  assert.deepEqual(
    kept.map((message) => message.text),
    texts,
  )
  expectStates(await alice.sotto('messages', conversation), ids, 'sent')

  const again = await alice.run()
  for (const message of ids) await again.until({ type: 'state', message, state: 'delivered' })
  await again.stop()
  assert.deepEqual(statesTold(again, ids), { delivered: ids.length })
  expectStates(await alice.sotto('messages', conversation), ids, 'delivered')
  return { signal, relayKilled, messages: ids.length }
}
