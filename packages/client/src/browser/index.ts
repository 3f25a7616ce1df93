import type { Address, Store } from '@sotto/interface'
import { parseAddress } from '@sotto/identity'
import { browserTransport } from '@sotto/net/browser'
import { openBrowserStore } from '@sotto/store/browser'
import { createClient } from '../client.ts'
import { linkNewDevice } from '../devices/link-new.ts'
import { createProfile, loadProfile, suggestRelays, type Profile } from '../profile.ts'
import type { Client } from '../api.ts'
import { browserClock, browserCrypto, browserRandom, consoleLogger } from './platform.ts'

export type { Client } from '../api.ts'

export interface BrowserInit {
  /** Names the database in this origin. @default 'sotto' */
  readonly name?: string
  /** Relays for new invitations. @default what `/relays.json` of the page's own origin lists */
  readonly relays?: readonly string[]
  /** Of a device that is locked with one. */
  readonly passphrase?: string
}

/** This browser's messenger, not yet online. */
export interface OpenedClient {
  readonly client: Client
  /** The recovery words, only when the account was made just now: the only copy. */
  readonly phrase: string | undefined
}

/**
 * Opens this browser's device, making one without a name on the first visit. One tab holds it at a time (whose turn it is, is the
 * page's business). Throws `StoreError`: `unsupported`, `store-locked`, `needs-passphrase`, `wrong-key` for
 * another passphrase, and what the disk says.
 */
export async function openClient(init: BrowserInit = {}): Promise<OpenedClient> {
  const store = await openBrowserStore({
    name: init.name ?? 'sotto',
    ...(init.passphrase === undefined ? {} : { passphrase: init.passphrase }),
  })
  try {
    const crypto = await browserCrypto()
    const parts = { store, crypto, random: browserRandom, clock: browserClock }
    const relays = knownAddresses(init.relays ?? (await relaysOfOrigin()))
    const isNew = (await loadProfile(store)) === undefined
    const made = isNew ? await createProfile(parts, { relays }) : undefined
    if (!isNew && relays.length > 0) await suggestRelays(store, relays)
    const logger = consoleLogger()
    const transport = browserTransport({ logger, clock: browserClock, crypto })
    const client = await createClient({
      ...parts,
      logger,
      transport,
      rotateSecrets: () => store.rotateSecretsKey(),
      lock: { isSet: () => store.hasPassphrase(), set: (next, old) => store.setPassphrase(next, old) },
    })
    return { client, phrase: made?.recoveryPhrase }
  } catch (error) {
    await store.close()
    throw error
  }
}

/**
 * Makes this browser a further device of an account, in place of the account without a name that the first visit made; nobody has met that one.
 * The store must be free: no client is open. Throws as {@link openClient} does, and `already-set-up`, `no-relay`, `no-answer`,
 * `link-unfinished`, `link-refused`, `link-stopped`.
 */
export async function linkClient(
  about: BrowserInit & { onCode(code: string): void },
  options: { signal: AbortSignal },
): Promise<Profile> {
  const store = await openBrowserStore({ name: about.name ?? 'sotto' })
  try {
    const relays = knownAddresses(about.relays ?? (await relaysOfOrigin()))
    if ((await loadProfile(store))?.name === '') await forgetProfile(store)
    const [crypto, logger] = [await browserCrypto(), consoleLogger()]
    const parts = { store, crypto, logger, random: browserRandom, clock: browserClock }
    const transport = browserTransport({ logger, clock: browserClock, crypto })
    return await linkNewDevice({ ...parts, transport }, { relays, onCode: about.onCode }, options)
  } finally {
    await store.close()
  }
}

/** Should nothing come of the linking, the next opening is a first visit. */
async function forgetProfile(store: Store): Promise<void> {
  const keys = ['device-seed', 'device', 'account', 'chain']
  await store.commit(keys.map((key) => ({ delete: 'meta', key: [key] })))
}

/** The page's own list. Without one, an invitation's relays and those of the conversations still do. */
async function relaysOfOrigin(): Promise<string[]> {
  try {
    const answer = await fetch(new URL('/relays.json', location.href), { cache: 'no-store' })
    const list: unknown = answer.ok ? await answer.json() : []
    return Array.isArray(list) ? list.filter((entry): entry is string => typeof entry === 'string').slice(0, 3) : []
  } catch {
    return []
  }
}

function knownAddresses(texts: readonly string[]): Address[] {
  return texts.flatMap((text) => {
    const address = parseAddress(text)
    return address.ok ? [address.value] : []
  })
}
