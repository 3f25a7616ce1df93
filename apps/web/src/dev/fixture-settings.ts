import type { DeviceSnapshot } from '@sotto/client'
import { SottoError } from '@sotto/interface'
import type { ConversationId, DeviceId } from '@sotto/interface'
import type { Handlers } from './fixture-client.ts'
import { MY_DEVICE } from './fixture-data.ts'

const RELAY = '/ip4/127.0.0.1/tcp/4781/ws/p2p/12D3KooWFixtureRelay'

/** What the fixture keeps of a person's decisions, and of what was typed. */
export function settingsHandlers(): Handlers {
  const drafts = {
    all: () => JSON.parse(sessionStorage.getItem('fixture-drafts') ?? '{}') as Record<string, string>,
    keep: (conversation: string, text: string) =>
      sessionStorage.setItem('fixture-drafts', JSON.stringify({ ...drafts.all(), [conversation]: text })),
  }
  let relays: readonly string[] = [RELAY]
  let relaysOnly = false
  let passphrase: string | undefined
  let devices: readonly DeviceSnapshot[] = [
    { device: MY_DEVICE, current: true, addedAt: Date.UTC(2026, 1, 3, 9) },
    { device: '5c'.repeat(32) as DeviceId, current: false, addedAt: Date.UTC(2026, 2, 1, 18) },
  ]
  return {
    settings: () => ({ name: 'Dana', relays, relaysOnly, passphrase: passphrase !== undefined }),
    setRelays: ({ relays: next }) => {
      if (next.some((one) => !/^\/.*\/p2p\/./.test(one)))
        throw new SottoError('bad-relay', 'This is not the address of a relay.')
      relays = [...new Set(next)]
      return {}
    },
    setRelaysOnly: ({ on }) => {
      relaysOnly = on
      return {}
    },
    setPassphrase: ({ next, old }) => {
      if (old !== passphrase) throw new SottoError('wrong-key', 'This is not the passphrase. Try again.')
      passphrase = next
      return {}
    },
    devices: () => ({ rows: devices }),
    deviceLink: () => {
      const device = '1f'.repeat(32) as DeviceId
      devices = [...devices, { device, current: false, addedAt: Date.now() }]
      return { device }
    },
    deviceRevoke: ({ device }) => {
      devices = devices.map((one) => (one.device === device ? { ...one, retired: true } : one))
      return {}
    },
    keepDraft: ({ conversation, text }) => {
      drafts.keep(conversation, text)
      return {}
    },
    drafts: () => ({
      rows: Object.entries(drafts.all()).map(([id, text]) => ({ conversation: id as ConversationId, text })),
    }),
  }
}
