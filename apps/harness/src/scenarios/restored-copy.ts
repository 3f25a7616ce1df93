import assert from 'node:assert/strict'
import { cp } from 'node:fs/promises'
import { meet, messagesOf } from '../peers/contacts.ts'
import type { RelayPeer } from '../peers/relay.ts'
import type { Stage } from '../peers/stage.ts'
import type { Figures, Scenario } from './scenario.ts'

export const restoredCopy: Scenario = {
  about: 'an old copy of a home uses none of its keys again: it retires, and the original goes on',
  play,
}

const RETIRED =
  'This copy of Sotto is older than one that was used elsewhere, so it sends nothing any more. Set up Sotto anew.'

async function play(stage: Stage): Promise<Figures> {
  const relay = await stage.relay()
  const [alice, bob] = [await stage.person('Alice', relay), await stage.person('Bob', relay)]
  const [a, b] = await Promise.all([alice.run(), bob.run()])
  const conversation = await meet(a, b, 'Hello')
  await a.send(conversation, 'before the copy')
  await b.until({ type: 'message', text: 'before the copy' })
  await Promise.all([a.stop(), b.stop()])

  const copy = stage.terminal('copy')
  await cp(alice.home, copy.home, { recursive: true })
  await alice.sotto('send', conversation, 'after the copy', '--wait', 'sent')
  const before = await entriesAt(relay)
  assert.ok(before > 0)

  // The copy has something to say, and everything it needs to say it with keys that were used.
  await copy.sotto('send', conversation, 'from the past', '--wait', 'queued')
  const old = await copy.run()
  const notice = await old.until({ type: 'notice', name: 'device-retired' })
  assert.equal(notice['text'], RETIRED)
  await assert.rejects(old.ask('send', { conversation, text: 'from the past again' }), { message: RETIRED })
  await old.stop()
  const refused = await copy.attempt(['send', conversation, 'from the past once more'])
  assert.deepEqual([refused.code, refused.out, refused.err], [1, '', `${RETIRED}\n`])
  const own = (await messagesOf(copy, conversation)).filter(({ text }) => text.startsWith('from the past'))
  assert.deepEqual(
    own.map(({ text, state }) => [text, state]),
    [['from the past', 'queued']],
  )
  assert.equal(await entriesAt(relay), before, 'the copy left nothing at the relay')

  const on = await alice.run()
  const back = await bob.run()
  await on.send(conversation, 'still the same Alice')
  await back.until({ type: 'message', text: 'still the same Alice' })
  await Promise.all([on.stop(), back.stop()])
  const heard = (await messagesOf(bob, conversation)).filter(({ author }) => author === alice.account)
  assert.deepEqual(
    heard.map(({ text }) => text),
    ['before the copy', 'after the copy', 'still the same Alice'],
  )
  return { retired: true, entriesOfTheCopy: 0 }
}

/** How many entries the relay holds. */
async function entriesAt({ health }: RelayPeer): Promise<number> {
  const page = await (await fetch(`${health}/metrics`)).text()
  return Number(/^sotto_relay_stored_entries (\d+)$/m.exec(page)?.[1])
}
