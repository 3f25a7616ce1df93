import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { createKeyring, createSecretsKey, decodeKeyring, encodeKeyring } from '../keyring.ts'
import type { RandomBytes } from '../keyring.ts'
import { StoreError } from '../store-error.ts'
import { createWrapping, readKeyFile, writeKeyFile } from './key-file.ts'

// Stretching a passphrase is slow on purpose.
vi.setConfig({ testTimeout: 60_000 })

const random: RandomBytes = (length) => new Uint8Array(randomBytes(length))

test('a keyring comes back from its file, with a passphrase and without', async () => {
  const keyring = { ...createKeyring(random), secretsKeys: [createSecretsKey(random), createSecretsKey(random)] }
  expect((await readKeyFile(writeKeyFile(keyring, undefined), undefined)).keyring).toEqual(keyring)
  const wrapped = writeKeyFile(keyring, await createWrapping('pass \u00e9'))
  expect((await readKeyFile(wrapped, 'pass e\u0301')).keyring).toEqual(keyring)
  expect(JSON.parse(wrapped)).toMatchObject({
    version: 1,
    stretching: { memoryKib: 65_536, iterations: 3, parallelism: 1 },
  })
  expect(wrapped).not.toContain(Buffer.from(keyring.dataKey).toString('hex'))
})

test('a passphrase that is wrong, missing or not needed is named', async () => {
  const keyring = createKeyring(random)
  const wrapped = writeKeyFile(keyring, await createWrapping('right'))
  const refusal = (message: string) => ({ code: 'wrong-key', message })
  await expect(readKeyFile(wrapped, 'wrong')).rejects.toMatchObject(
    refusal('The passphrase is not the one of this home. Try again.'),
  )
  await expect(readKeyFile(wrapped, undefined)).rejects.toMatchObject(
    refusal('This home has a passphrase. Give it to open the home.'),
  )
  await expect(readKeyFile(writeKeyFile(keyring, undefined), 'any')).rejects.toMatchObject(
    refusal('This home has no passphrase. Open it without one.'),
  )
})

test('whatever stands in the file, the answer is a keyring or a StoreError', async () => {
  const fields = fc.record({
    version: fc.constantFrom(1, 2, '1'),
    stretching: fc.constantFrom(
      null,
      undefined,
      {},
      { memoryKib: 2 ** 40, iterations: 1, parallelism: 1, salt: '00'.repeat(16) },
    ),
    keys: fc.oneof(
      fc.string(),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('hex')),
    ),
  })
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    fields.map((file) => JSON.stringify(file)),
  )
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const result = await readKeyFile(text, undefined).catch((error: unknown) => error)
      if (!(result instanceof StoreError)) expect(result).toHaveProperty('keyring.dataKey.length', 32)
    }),
    { seed: 41, numRuns: 500 },
  )
})

test('keyrings are one data key and one or two secrets keys, of exact length', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 160 }), (bytes) => {
      if (bytes.length === 72 || bytes.length === 112) expect(encodeKeyring(decodeKeyring(bytes))).toEqual(bytes)
      else expect(() => decodeKeyring(bytes)).toThrow(StoreError)
    }),
    { seed: 42, numRuns: 500 },
  )
})
