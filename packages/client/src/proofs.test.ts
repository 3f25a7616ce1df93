import { checkProof } from '@sotto/core'
import { nobleCrypto } from '@sotto/group'
import type { Rows } from '@sotto/interface'
import { fromHex } from '@sotto/wire'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { texts, until, World, type Person } from '../test/world.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

/** As anybody does who has an event's header and proof, and nothing else: whether that device has signed it. */
function holds(header: Uint8Array, proof: Uint8Array): boolean {
  const proven = checkProof(header, proof)
  if (!proven.ok) return false
  const { device, statement, signature } = proven.value
  return nobleCrypto.ed25519.verify(fromHex(device), statement, signature) === true
}

async function waited(person: Person, conversation: string, count: number): Promise<Rows['events'][]> {
  const rows = await person.store.list('events', { prefix: [conversation] })
  return rows.filter(({ text }) => text.startsWith('waited')).slice(0, count)
}

test('each event of a batch is shown by whoever has it, without the others, and proves no other', async () => {
  const { alice, bob, conversation } = await world.pair()
  for (const one of [alice, bob]) await one.client.do('sync', {})
  await world.stop(alice)
  const offline = await world.person('Alice', { disk: alice.disk, offline: true })
  for (let i = 0; i < 5; i++) await offline.client.do('send', { conversation, text: `waited ${String(i)}` })
  await world.stop(offline)
  await world.person('Alice', { disk: alice.disk })
  await until(async () => (await texts(bob, conversation)).includes('waited 4'))
  // Bob shows them, who did not write them; whoever looks needs no key and no membership.
  const shown = await waited(bob, conversation, 5)
  expect(shown).toHaveLength(5)
  for (const [i, { header, proof }] of shown.entries()) {
    expect(holds(header, proof)).toBe(true)
    for (const [j, other] of shown.entries()) if (i !== j) expect(holds(other.header, proof)).toBe(false)
    for (const at of [0, 3, header.length - 1]) {
      expect(
        holds(
          header.map((byte, k) => (k === at ? byte ^ 1 : byte)),
          proof,
        ),
      ).toBe(false)
    }
    for (let at = 0; at < proof.length; at += 7) {
      expect(
        holds(
          header,
          proof.map((byte, k) => (k === at ? byte ^ 1 : byte)),
        ),
      ).toBe(false)
    }
  }
  // They left in one seal: one signature for all.
  const counts = shown.map(({ proof }) => ((proof[35] ?? 0) << 8) | (proof[36] ?? 0))
  expect(new Set(counts)).toEqual(new Set([5]))
})
