import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { meet, messagesOf } from '../peers/contacts.ts'
import type { Stage } from '../peers/stage.ts'
import { refuses } from './refuses.ts'

const FULL = 'The disk is full, so nothing was saved. Free some space and try again.'

/** Only root may mount a small disk. */
export const canMount: boolean = process.platform === 'linux' && process.getuid?.() === 0

/** A home whose disk becomes full: what cannot be kept is refused, and once there is room all goes on. Answers how many. */
export async function refusedByAFullDisk(stage: Stage): Promise<number> {
  const relay = await stage.relay()
  const home = stage.path('alice')
  await mkdir(home)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', home])
  stage.later(() => execFileSync('umount', ['-l', home]))
  const [alice, bob] = [await stage.person('Alice', relay), await stage.person('Bob', relay)]
  const [a, b] = await Promise.all([alice.run(), bob.run()])
  const conversation = await meet(a, b, 'Hello')
  const ballast = join(home, 'ballast')

  await fill(ballast)
  await assert.rejects(sendUntilFull(a.send, conversation), { message: FULL })
  await rm(ballast)
  const text = 'there is room again'
  await a.send(conversation, text)
  await b.until({ type: 'message', text })
  await a.stop()

  await fill(ballast)
  await refuses(alice, { words: ['send', conversation, 'no room', '--wait', 'queued'], sentence: FULL })
  await rm(ballast)
  await b.stop()
  const heard = (await messagesOf(bob, conversation)).map((message) => message.text)
  assert.deepEqual(
    heard,
    (await messagesOf(alice, conversation)).map((message) => message.text),
  )
  assert.equal(heard.at(-1), text)
  return 2
}

/** The store has some pages left of its own: a few messages may still be kept. */
async function sendUntilFull(send: (conversation: string, text: string) => Promise<string>, to: string): Promise<void> {
  for (let sent = 0; sent < 1_000; sent += 1) await send(to, `number ${sent} ${'on a full disk '.repeat(100)}`)
}

/** Takes all the room that there is. */
async function fill(path: string): Promise<void> {
  const zeros = Readable.from(Array.from({ length: 1_024 }, () => Buffer.alloc(4_096)))
  await assert.rejects(pipeline(zeros, createWriteStream(path)), { code: 'ENOSPC' })
}
