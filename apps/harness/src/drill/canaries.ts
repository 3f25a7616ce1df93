import assert from 'node:assert/strict'
import { once } from 'node:events'
import { appendFile } from 'node:fs/promises'
import { connect } from 'node:net'
import type { MailboxKey, Relay } from '@sotto/interface'
import { nodeCrypto } from '@sotto/relay'
import type { SeededRandom } from '@sotto/testkit'
import { SMALL_ENVELOPE_BYTES } from '@sotto/wire'
import { concat, fromString, toString } from 'uint8arrays'
import { guestAt } from '../peers/guest.ts'
import type { RelayPeer } from '../peers/relay.ts'
import type { Stage } from '../peers/stage.ts'
import { textNeedle, utf16, type Needle } from './patterns.ts'

/** Where a canary was put, and so where it has to be found. */
export type Cage = 'signal' | 'header' | 'blob' | 'log'

export type Canaries = Readonly<Record<Cage, Needle>>

/** Puts texts of our own into the memory, onto the disk and into the log of a relay, by the doors that everybody has. */
export async function plantCanaries(stage: Stage, relay: RelayPeer): Promise<Canaries> {
  const canaries = {
    signal: canary(stage.random, 'signal'),
    header: canary(stage.random, 'header'),
    blob: canary(stage.random, 'blob'),
    log: canary(stage.random, 'log'),
  }
  const guest = await guestAt(relay.address)
  stage.later(() => guest.leave())
  await plantInSignal(stage.random, guest.relay, everyForm(canaries.signal))
  await plantInBlob(stage.random, guest.relay, everyForm(canaries.blob))
  await plantInHeader(stage, relay.health, toString(canaries.header.bytes))
  for (const log of relay.logs) await appendFile(log, canaries.log.bytes)
  return canaries
}

function canary(random: SeededRandom, cage: Cage): Needle {
  return textNeedle(`canary in a ${cage}`, `a ${cage} sings ${toString(random.bytes(20), 'hex')}`)
}

/** A text in all the forms that are looked for. */
function everyForm({ bytes }: Needle): Uint8Array {
  const encoded = (['hex', 'base64', 'base64url', 'base58btc'] as const).map((form) =>
    fromString(toString(bytes, form)),
  )
  return concat([bytes, utf16(toString(bytes)), ...encoded])
}

/** The relay keeps a signal for a minute, in memory alone. */
async function plantInSignal(random: SeededRandom, relay: Relay, bytes: Uint8Array): Promise<void> {
  const [readKey, writeKey] = [await keyFrom(random), await keyFrom(random)]
  const created = await relay.create(
    {
      lane: 'content',
      readKey: readKey.publicKey,
      writeKeys: [writeKey.publicKey],
      capacity: 0,
      expiresAt: 0,
      powBits: 0,
    },
    readKey,
  )
  assert.ok(created.ok, 'the mailbox was not created')
  const record = new Uint8Array(SMALL_ENVELOPE_BYTES)
  record.set(bytes)
  const told = await relay.signal(created.value, writeKey, record)
  assert.ok(told.ok, 'the signal was not taken')
}

async function plantInBlob(random: SeededRandom, relay: Relay, bytes: Uint8Array): Promise<void> {
  const expiresAt = Math.floor(Date.now() / 1_000) + 86_400
  const put = await relay.putBlob({ id: random.bytes(32), ownerKey: await keyFrom(random), bytes, expiresAt })
  assert.ok(put.ok, 'the blob was not taken')
}

/** A request to the health page whose header does not end; the answer to the one before shows that it has been read. */
async function plantInHeader(stage: Stage, health: string, text: string): Promise<void> {
  const socket = connect(Number(new URL(health).port), '127.0.0.1')
  stage.later(() => socket.destroy())
  socket.on('error', () => undefined)
  const host = 'Host: 127.0.0.1\r\n'
  socket.write(`GET /healthz HTTP/1.1\r\n${host}\r\nGET /healthz HTTP/1.1\r\n${host}X-Canary: ${text}`)
  await once(socket, 'data')
}

async function keyFrom(random: SeededRandom): Promise<MailboxKey> {
  const seed = random.bytes(32)
  return { seed, publicKey: await nodeCrypto.ed25519.publicKey(seed) }
}
