import assert from 'node:assert/strict'
import { open } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { meet } from '../peers/contacts.ts'
import type { Online } from '../peers/online.ts'
import { runnable } from '../peers/places.ts'
import { startNode } from '../peers/program.ts'
import type { Person, Stage } from '../peers/stage.ts'
import type { Figures, Scenario } from '../scenarios/scenario.ts'
import { measure, round, type Timing } from './timing.ts'

const COUNT = 200
const PLAIN_PEER = fileURLToPath(runnable(new URL('./plain-peer.ts', import.meta.url)))

/**
 * From the moment a line is written to one process to the moment the other one's line has come, one message at a time. The
 * comparison takes the same way through two processes that do nothing but carry lines over plain TCP.
 */
export const latency: Scenario = {
  about: 'one-way latency between two terminals, directly and by mailbox, and of plain TCP between two processes',
  play,
}

async function play(stage: Stage): Promise<Figures> {
  const relay = await stage.relay()
  const [alice, bob] = [await stage.person('Alice', relay), await stage.person('Bob', relay)]
  const plain = await measurePlain(stage)
  const disk = await measureDisk(stage)
  const [a, b] = await Promise.all([alice.run(), bob.run()])
  const conversation = await meet(a, b, 'Hello')
  await a.until({ type: 'connection', account: bob.account, kind: 'direct' })
  await b.until({ type: 'connection', account: alice.account, kind: 'direct' })
  const direct = await measureMessages({ from: a, to: b, conversation, via: 'direct' })
  await Promise.all([a.stop(), b.stop()])
  const mailbox = await measureByMailbox(alice, bob, conversation)
  return {
    ...named('direct', direct, plain),
    ...named('mailbox', mailbox, plain),
    plainP50Ms: plain.p50,
    plainP99Ms: plain.p99,
    diskP50Ms: disk.p50,
    diskP99Ms: disk.p99,
  }
}

/** Nobody listens for WebSocket at home, so with that as the only way there is no direct path. */
async function measureByMailbox(alice: Person, bob: Person, conversation: string): Promise<Timing> {
  const [a, b] = await Promise.all([alice.run('--transports', 'ws'), bob.run('--transports', 'ws')])
  await a.until({ type: 'connection', kind: 'relayed' })
  await b.until({ type: 'connection', kind: 'relayed' })
  const timing = await measureMessages({ from: a, to: b, conversation, via: 'mailbox' })
  await Promise.all([a.stop(), b.stop()])
  return timing
}

function measureMessages(about: { from: Online; to: Online; conversation: string; via: string }): Promise<Timing> {
  const { from, to, conversation, via } = about
  return measure(COUNT, async (at) => {
    const text = `${via} ${at}`
    from.program.say({ do: 'send', conversation, text })
    const heard = await to.until({ type: 'message', text }, Math.max(0, to.program.lines.length - 20))
    assert.equal(heard['via'], via)
  })
}

async function measurePlain(stage: Stage): Promise<Timing> {
  const to = startNode('plain listener', [PLAIN_PEER, 'listen'])
  stage.later(() => to.end('SIGKILL'))
  const { port } = await to.until({ ready: true })
  const from = startNode('plain sender', [PLAIN_PEER, 'connect', String(port)])
  stage.later(() => from.end('SIGKILL'))
  await from.until({ ready: true })
  return measure(COUNT, async (at) => {
    from.say({ text: `plain ${at}` })
    await to.until({ text: `plain ${at}` }, Math.max(0, to.lines.length - 20))
  })
}

/** What each of the two devices (and the relay) waits for before it goes on: 4 KiB on the disk for good. */
async function measureDisk(stage: Stage): Promise<Timing> {
  const file = await open(stage.path('disk'), 'w')
  const page = Buffer.alloc(4_096)
  try {
    return await measure(COUNT, async () => {
      await file.write(page)
      await file.datasync()
    })
  } finally {
    await file.close()
  }
}

function named(name: string, { p50, p99 }: Timing, plain: Timing): Figures {
  return { [`${name}P50Ms`]: p50, [`${name}P99Ms`]: p99, [`${name}OverPlain`]: round(p50 / plain.p50) }
}
