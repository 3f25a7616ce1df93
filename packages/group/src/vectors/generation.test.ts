import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { DeviceId } from '@sotto/interface'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { decodeCommitData, encodeCommitData } from '../commit-data.ts'
import { generationFrom, generationKeys, mailboxKeys, type GenerationKeys } from '../generation.ts'
import { generationIn } from '../welcome-data.ts'

const SPEC = join(import.meta.dirname, '../../../../spec')
const FILE = join(SPEC, 'vectors/generation.json')

type KeyName = keyof GenerationKeys

interface Keys extends Record<KeyName, string> {
  readonly name: string
  readonly secret: string
  readonly relay: string
  readonly devices: readonly DeviceId[]
  readonly content: { readonly id: string }
  readonly control: { readonly id: string }
}
interface Opening {
  readonly name: string
  readonly authenticatedData: string
  readonly opensGeneration: boolean
  readonly bytes: string
}
interface Told {
  readonly name: string
  readonly extensions: readonly { readonly type: number; readonly data: string }[]
  readonly secret: string
}
type Refused<T> = Pick<T, Extract<keyof T, 'name' | 'authenticatedData' | 'extensions'>> & { readonly reason: string }

const { valid, invalid } = JSON.parse(readFileSync(FILE, 'utf8')) as {
  valid: readonly (Keys | Opening | Told)[]
  invalid: readonly (Refused<Opening> | Refused<Told>)[]
}

const openingIn = (authenticatedData: string) => decodeCommitData(hexToBytes(authenticatedData))
const toldBy = (extensions: Told['extensions']) =>
  generationIn(extensions.map(({ type, data }) => ({ extensionType: type, extensionData: hexToBytes(data) })))

describe('keys of a generation', () => {
  test.for(valid.filter((one) => 'relay' in one))(
    '$name',
    ({ secret, relay, devices, content, control, ...expected }) => {
      const bytes = hexToBytes(secret)
      const keys = Object.entries(generationKeys(bytes)).map(([name, key]) => [name, bytesToHex(key)])
      const perDevice = devices.map((device) => mailboxKeys(bytes, relay, 'control', device))
      const shared = mailboxKeys(bytes, relay, 'content')
      expect({ name: expected.name, ...Object.fromEntries(keys) }).toEqual(expected)
      expect(generationFrom(bytes).id).toBe(expected.id)
      expect(content).toEqual({ id: content.id, read: bytesToHex(shared.read), write: [bytesToHex(shared.write)] })
      expect(new Set(perDevice.map(({ read }) => bytesToHex(read))).size).toBe(1)
      const [first] = perDevice
      const write = perDevice.map((seeds) => bytesToHex(seeds.write))
      expect(control).toEqual({ id: control.id, read: bytesToHex(first?.read ?? bytes), write })
    },
  )
})

describe('what a commit says of it', () => {
  test.for(valid.filter((one) => 'authenticatedData' in one))(
    '$name',
    ({ authenticatedData, opensGeneration, bytes }) => {
      const value = { opensGeneration, authenticatedData: hexToBytes(bytes) }
      expect(openingIn(authenticatedData)).toEqual({ ok: true, value })
      expect(bytesToHex(encodeCommitData(value))).toBe(authenticatedData)
    },
  )

  test.for(invalid.filter((one) => 'authenticatedData' in one))('$name', ({ authenticatedData, reason }) => {
    expect(openingIn(authenticatedData)).toEqual({ ok: false, reason })
  })
})

describe('what a GroupInfo tells of it', () => {
  test.for(valid.filter((one) => 'extensions' in one))('$name', ({ extensions, secret }) => {
    expect(toldBy(extensions)).toEqual({ ok: true, value: secret === '' ? undefined : hexToBytes(secret) })
  })

  test.for(invalid.filter((one) => 'extensions' in one))('$name', ({ extensions, reason }) => {
    expect(toldBy(extensions)).toEqual({ ok: false, reason })
  })
})

test('a reader of the text alone comes to the same, with the keys and ids of mailboxes and the proofs of events', () => {
  const files = [FILE, join(SPEC, 'vectors/event-proof.json')]
  const { status, stdout } = spawnSync(process.execPath, [join(SPEC, 'derived-check.mjs'), ...files], {
    encoding: 'utf8',
  })
  const lines = stdout.split('\n').filter((line) => line !== '')
  expect(lines.filter((line) => !line.startsWith('same: '))).toEqual([])
  expect(lines.length).toBeGreaterThan(valid.length + invalid.length)
  expect(status).toBe(0)
})
