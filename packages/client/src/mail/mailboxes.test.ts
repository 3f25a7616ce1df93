import { generationKeys, nobleCrypto } from '@sotto/group'
import type { DeviceId, GenerationId, RelayId } from '@sotto/interface'
import { fromHex } from '@sotto/wire'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { conversationMailboxes } from './mailboxes.ts'

interface Case {
  readonly name: string
  readonly secret: string
  readonly relay: RelayId
  readonly devices: readonly DeviceId[]
  readonly id: GenerationId
  readonly content: { readonly id: string }
  readonly control: { readonly id: string }
}

const file = new URL('../../../../spec/vectors/generation.json', import.meta.url)
const { valid } = JSON.parse(readFileSync(file, 'utf8')) as { valid: readonly (Case | { name: string })[] }

describe('spec/vectors/generation.json', () => {
  const cases = valid.filter((one) => 'relay' in one)
  test.for(cases)('the mailboxes of $name, whoever asks', async ({ secret, relay, devices, id, content, control }) => {
    const bytes = fromHex(secret)
    const generation = { id, secret: bytes, keys: generationKeys(bytes), openedAt: 0, devices }
    for (const self of devices) {
      const both = await conversationMailboxes(nobleCrypto, self, generation, relay)
      expect([both.content.id, both.control.id]).toEqual([content.id, control.id])
    }
  })
})
