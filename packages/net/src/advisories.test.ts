import { readFileSync } from 'node:fs'

import { generateKeyPair, publicKeyFromProtobuf } from '@libp2p/crypto/keys'
import { expect, test } from 'vitest'

import {
  bytesRecord,
  cpuMs,
  hostileMessages,
  joined,
  MAX_CPU_MS,
  numberRecord,
  somePeer,
} from '../test/hostile/index.ts'
import { Time } from '../test/clock.ts'
import { startPeer } from '../test/peers.ts'
import { Gate } from './gate.ts'

// What was found in other nodes of this kind, tried on ours: docs/advisories.md says which is which.

const SEED = 20_261_128
const lock = readFileSync(new URL('../../../pnpm-lock.yaml', import.meta.url), 'utf8')

/** Versions of a package that are installed. */
function installed(name: string): string[] {
  const escaped = name.replaceAll('/', '\\/')
  return [...lock.matchAll(new RegExp(`^  '?${escaped}@(\\d+\\.\\d+\\.\\d+)'?:$`, 'gm'))].map(
    ([, version = '']) => version,
  )
}

function isAtLeast(version: string, least: string): boolean {
  return version.localeCompare(least, 'en', { numeric: true }) >= 0
}

test('there is no DHT, no floodsub and no rendezvous in any part of Sotto', () => {
  for (const name of ['@libp2p/kad-dht', '@libp2p/floodsub', '@libp2p/rendezvous', '@libp2p/mdns', '@libp2p/autonat']) {
    expect([name, installed(name)]).toEqual([name, []])
  }
})

test('what was mended in libp2p is mended in the versions that are used', () => {
  const mended = {
    '@libp2p/crypto': '5.1.22',
    '@libp2p/gossipsub': '17.1.1',
    '@libp2p/webrtc': '6.0.33',
    libp2p: '3.3.11',
  }
  for (const [name, least] of Object.entries(mended)) {
    const versions = installed(name)
    expect([name, versions.length > 0, versions.every((version) => isAtLeast(version, least))]).toEqual([
      name,
      true,
      true,
    ])
  }
})

test('a version is compared as a number', () => {
  expect([isAtLeast('5.1.9', '5.1.22'), isAtLeast('5.1.22', '5.1.22'), isAtLeast('6.0.0', '5.1.22')]).toEqual([
    false,
    true,
    true,
  ])
})

const keyOf = (der: Uint8Array): Uint8Array => joined(numberRecord(1, 0), bytesRecord(2, der))

/** Processor time of reading that key; whether it was taken. */
async function reading(key: Uint8Array): Promise<{ ms: number; taken: boolean }> {
  let taken = true
  const read = async (): Promise<void> => {
    try {
      publicKeyFromProtobuf(key)
    } catch {
      taken = false
    }
  }
  const times = [await cpuMs(read), await cpuMs(read), await cpuMs(read)]
  return { ms: Math.min(...times), taken }
}

test('an RSA key of 16,384 bits is refused before anything is reckoned with it', async () => {
  const der = (tag: number, ...parts: Uint8Array[]): Uint8Array => {
    const { length } = joined(...parts)
    return joined(Uint8Array.of(tag, 0x82, length >> 8, length & 0xff), ...parts)
  }
  const modulus = der(0x02, Uint8Array.of(0), new Uint8Array(2_048).fill(0xff))
  const numbers = der(0x30, modulus, Uint8Array.of(0x02, 3, 1, 0, 1))
  const rsa = Uint8Array.from([0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0])
  const { ms, taken } = await reading(keyOf(der(0x30, rsa, der(0x03, Uint8Array.of(0), numbers))))
  expect(taken).toBe(false)
  expect(ms).toBeLessThan(MAX_CPU_MS)
})

test(`a thousand mutilated RSA keys cost less than ${MAX_CPU_MS} ms each (seed ${SEED})`, async () => {
  const { publicKey } = await generateKeyPair('RSA', 2_048)
  let dearest = 0
  for (const der of hostileMessages(SEED, 1_000, [publicKey.raw]))
    dearest = Math.max(dearest, (await reading(keyOf(der))).ms)
  expect(dearest).toBeLessThan(MAX_CPU_MS)
})

test('a device talks to nobody whose key is not of Ed25519', async () => {
  const gater = new Gate(new Time()).gater()
  const peer = await somePeer()
  const other = Object.assign(Object.create(peer) as typeof peer, { type: 'RSA' })
  const deny = [gater.denyInboundEncryptedConnection, gater.denyOutboundEncryptedConnection]
  expect(deny.map((ask) => [ask?.(peer, {} as never), ask?.(other, {} as never)])).toEqual([
    [false, true],
    [false, true],
  ])
})

test('a device does not listen for WebRTC without signalling, nor on any address that it does not say', async () => {
  const { transport } = await startPeer({ transports: ['tcp', 'ws', 'webrtc'] })
  expect(transport.addresses.filter((address) => !/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\//.test(address))).toEqual([])
  await transport.stop()
})
