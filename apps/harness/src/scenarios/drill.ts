import assert from 'node:assert/strict'
import { toString } from 'uint8arrays'
import { plantCanaries, type Canaries, type Cage } from '../drill/canaries.ts'
import { patternsOf } from '../drill/patterns.ts'
import { searchRelay } from '../drill/places.ts'
import { Search, type Find } from '../drill/search.ts'
import { secretsOf } from '../drill/secrets.ts'
import { becomeContacts } from '../peers/contacts.ts'
import type { Online } from '../peers/online.ts'
import type { RelayPeer } from '../peers/relay.ts'
import type { Person, Stage } from '../peers/stage.ts'
import { talk } from '../peers/talk.ts'
import type { Figures, Scenario } from './scenario.ts'

/** Less of a relay's memory than this is not what it has. */
const MIN_MEMORY_BYTES = 10 * 1024 * 1024
const FORMS = ['raw', 'utf-16', 'hex', 'base64', 'base64url', 'base58'] as const

export const drill: Scenario = {
  about: 'a running relay is seized: nothing of who talks and what is said is on its disk, in its logs or its memory',
  play,
}

async function play(stage: Stage): Promise<Figures> {
  const relay = await stage.relay()
  const people = [
    await stage.person(nameOf(stage, 'Alice'), relay),
    await stage.person(nameOf(stage, 'Bob'), relay),
  ] as const
  const online = await live(stage, people)
  const canaries = await plantCanaries(stage, relay)
  relay.program.signal('SIGSTOP')
  await Promise.all(online.map((each) => each.stop('SIGKILL')))
  const needles = [...(await secretsOf(people[0])), ...(await secretsOf(people[1]))]
  const began = performance.now()
  const search = new Search([...needles, ...Object.values(canaries)].flatMap(patternsOf))
  const searched = searchRelay(relay, search)
  const seconds = Math.round((performance.now() - began) / 100) / 10
  assert.ok(searched.memoryBytes >= MIN_MEMORY_BYTES, `only ${searched.memoryBytes} bytes of memory could be read`)
  expectCanaries(search.finds, canaries, relay)
  const secrets = new Set(needles.map(({ name }) => name))
  const found = search.finds.filter(({ needle }) => secrets.has(needle))
  assert.deepEqual(found, [], 'the relay knows what it must not know')
  return {
    ...searched,
    searchSeconds: seconds,
    secrets: needles.length,
    patterns: search.patterns,
    found: found.length,
  }
}

/** Long enough to be looked for. */
function nameOf({ random }: Stage, name: string): string {
  return `${name} ${toString(random.bytes(8), 'hex')}`
}

/** They become contacts, talk directly and by mailbox, and invite somebody else. Both are online in the end. */
async function live(stage: Stage, [alice, bob]: readonly [Person, Person]): Promise<Online[]> {
  const conversation = await becomeContacts(alice, bob, `${bob.name} says hello`)
  const [a, b] = await Promise.all([alice.run(), bob.run()])
  await a.until({ type: 'connection', account: bob.account, kind: 'direct' })
  await b.until({ type: 'connection', account: alice.account, kind: 'direct' })
  const between = [
    { account: alice.account, online: a },
    { account: bob.account, online: b },
  ] as const
  const secret = toString(stage.random.bytes(8), 'hex')
  await talk(stage.random, { between, conversation, name: `directly ${secret}`, count: 5 })
  await b.stop()
  const left = await a.send(conversation, `by mailbox ${secret} to Bob`)
  await a.until({ type: 'state', message: left, state: 'sent' })
  await a.ask('invite', { uses: 3 })
  await a.stop()
  const back = await bob.run()
  await back.until({ type: 'message', id: left, via: 'mailbox' })
  const answer = await back.send(conversation, `by mailbox ${secret} to Alice`)
  await back.until({ type: 'state', message: answer, state: 'sent' })
  const again = await alice.run()
  await again.until({ type: 'message', id: answer })
  return [again, back]
}

/** The same search finds what was put there, so it would have found the rest, too. */
function expectCanaries(finds: readonly Find[], canaries: Canaries, relay: RelayPeer): void {
  const foundIn = (cage: Cage, where: (place: string) => boolean): string[] =>
    finds.filter((find) => find.needle === canaries[cage].name && where(find.where)).map((find) => find.form)
  const isDisk = (place: string): boolean => place.startsWith(`${relay.data}/`)
  const isMemory = (place: string): boolean => place.startsWith('memory ')
  for (const form of FORMS) {
    assert.ok(foundIn('blob', isDisk).includes(form), `the canary on the disk is not found as ${form}`)
    assert.ok(foundIn('signal', isMemory).includes(form), `the canary in memory is not found as ${form}`)
  }
  assert.deepEqual(foundIn('signal', isDisk), [], 'a signal has come to the disk')
  assert.ok(foundIn('header', isMemory).includes('raw'), 'the canary in the header is not found')
  assert.ok(foundIn('log', (place) => relay.logs.includes(place)).includes('raw'), 'the canary in the log is not found')
}
