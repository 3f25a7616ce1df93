import { nodeCrypto } from '@sotto/group/node'
import type { Address, Logger, Transport } from '@sotto/interface'
import { nodeTransport } from '@sotto/net/node'
import { openNodeStore } from '@sotto/store/node'
import { createClient } from '../client.ts'
import { linkNewDevice } from '../devices/link-new.ts'
import { ClientError } from '../errors.ts'
import { createProfile, loadProfile, type Profile } from '../profile.ts'
import type { Client } from '../api.ts'
import { nodeClock, nodeRandom, stderrLogger } from './platform.ts'

export { nodeCrypto, nodeRandom }

/** One device's home on this machine, held by this process until {@link Home.close} or the client's `stop`. */
export interface Home {
  profile(): Promise<Profile | undefined>
  /** Sets up an empty home. Throws `already-set-up`, `bad-name` or `bad-phrase`. */
  create(wanted: {
    name: string
    relays: readonly Address[]
    phrase?: string
  }): Promise<{ profile: Profile; recoveryPhrase: string }>
  /** Makes an empty home a further device of an account. Throws `already-set-up`, `no-relay`, `no-answer`, `link-stopped`, `link-unfinished`, `link-refused`. */
  link(
    about: { relays: readonly Address[]; onCode(code: string): void },
    options: { signal: AbortSignal },
  ): Promise<Profile>
  /** The messenger on this home, not yet online. Throws `not-set-up`. */
  client(): Promise<Client>
  close(): Promise<void>
}

export interface HomeInit {
  readonly directory: string
  /** @default 'warn' */
  readonly logLevel?: 'debug' | 'info' | 'warn'
  /** Which ways of connecting directly are tried. @default all */
  readonly transports?: readonly ('tcp' | 'ws' | 'webrtc')[]
}

/** Opens a home. Throws `StoreError`: `store-locked` while another process has it, and what the disk says. */
export async function openHome(init: HomeInit): Promise<Home> {
  const store = await openNodeStore({ directory: init.directory })
  const logger = stderrLogger(init.logLevel ?? 'warn')
  const parts = { store, crypto: nodeCrypto, random: nodeRandom, clock: nodeClock }
  return {
    profile: () => loadProfile(store),
    create: (wanted) => createProfile(parts, wanted),
    link: (about, options) =>
      linkNewDevice({ ...parts, logger, transport: transportFor(about.relays, logger, init) }, about, options),
    async client() {
      const profile = await loadProfile(store)
      if (profile === undefined) {
        throw new ClientError('not-set-up', 'This home is not set up. Run `sotto init --name NAME` first.')
      }
      const relays = new Set(profile.relays)
      for (const row of await store.list('conversations')) {
        for (const address of JSON.parse(row.relays) as Address[]) relays.add(address)
      }
      const transport = transportFor([...relays], logger, init)
      return createClient({ ...parts, transport, logger, rotateSecrets: () => store.rotateSecretsKey() })
    },
    close: () => store.close(),
  }
}

function transportFor(relays: readonly Address[], logger: Logger, { transports }: HomeInit): Transport {
  return nodeTransport({
    logger,
    clock: nodeClock,
    crypto: nodeCrypto,
    loopbackOnly: relays.every(isLoopback),
    ...(transports === undefined ? {} : { transports }),
  })
}

/** A device whose relays are all on this machine has nobody to reach elsewhere: it listens on loopback only. */
function isLoopback(address: Address): boolean {
  return /^\/(ip4\/127\.|ip6\/::1\/|dns[46]?\/localhost\/)/.test(address)
}
