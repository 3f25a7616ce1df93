import {
  commit,
  createEngine,
  createKeyPackage,
  foundPair,
  join,
  nobleCrypto,
  open,
  processCommit,
  seal,
  type GroupResult,
} from '@sotto/group'
import { nodeCrypto } from '@sotto/group/node'
import { certifyFirstDevice, verifyCredential } from '@sotto/identity'
import type { Crypto } from '@sotto/interface'
import { expect, test } from 'vitest'
import { nodeRandom } from './platform.ts'

const ports: readonly [string, Crypto][] = [
  ["Node's", nodeCrypto],
  ['plain JavaScript', nobleCrypto],
]

test("Node's Ed25519 makes the same keys and signatures as ours, and takes and refuses the same ones", async () => {
  for (let at = 0; at < 50; at += 1) {
    const [seed, message] = [nodeRandom.bytes(32), nodeRandom.bytes(at)]
    const key = await nobleCrypto.ed25519.publicKey(seed)
    expect(await nodeCrypto.ed25519.publicKey(seed)).toEqual(key)
    const signature = await nobleCrypto.ed25519.sign(seed, message)
    expect(await nodeCrypto.ed25519.sign(seed, message)).toEqual(signature)
    expect(await nodeCrypto.ed25519.verify(key, message, signature)).toBe(true)
    const changed = signature.with(at, (signature[at] ?? 0) ^ 1)
    expect(await nodeCrypto.ed25519.verify(key, message, changed)).toBe(false)
    expect(await nobleCrypto.ed25519.verify(key, message, changed)).toBe(false)
  }
  expect(await nodeCrypto.ed25519.verify(new Uint8Array(32), new Uint8Array(), new Uint8Array(64))).toBe(false)
})

test.each(ports.flatMap(([a, one]) => ports.map(([b, other]) => [a, b, one, other] as const)))(
  'an engine on %s cryptography and one on %s understand each other',
  async (_a, _b, one, other) => {
    const [alice, bob] = [await deviceOn(one), await deviceOn(other)]
    const conversation = nodeRandom.bytes(32)
    const { self, verify } = alice
    const peer = await createKeyPackage(bob.engine, { self: bob.self, notBefore: 0, notAfter: 1 })
    const founded = must(await foundPair(alice.engine, { conversation, self, verify, peerKeyPackage: peer.public }))
    const { welcome } = founded
    const joined = must(await join(bob.engine, { welcome, keyPackage: peer, self: bob.self, verify: bob.verify }))
    const made = must(await commit(bob.engine, joined, {}, { opensGeneration: false }))
    const { child } = must(await processCommit(alice.engine, founded.state, made.commit, { verify }))
    expect(child.epochId).toBe(made.child.epochId)
    const sealed = await seal(alice.engine, child, new Uint8Array([1, 2, 3]))
    expect(must(await open(bob.engine, made.child, sealed.message)).plaintext).toEqual(new Uint8Array([1, 2, 3]))
  },
)

async function deviceOn(crypto: Crypto) {
  const [accountSeed, deviceSeed] = [nodeRandom.bytes(32), nodeRandom.bytes(32)]
  const deviceKey = await crypto.ed25519.publicKey(deviceSeed)
  const credential = await certifyFirstDevice(crypto, { accountSeed, deviceKey, createdAt: 0 })
  const engine = await createEngine({ crypto, random: nodeRandom })
  return { engine, self: { deviceSeed, credential }, verify: verifyCredential(crypto) }
}

function must<T>(result: GroupResult<T>): T {
  if (!result.ok) throw new Error(result.reason)
  return result.value
}
