import type { Address } from '@sotto/interface'
import type { Messenger } from '../client.ts'
import { ClientError } from '../errors.ts'
import { chooseRelays, loadProfile, setRelaysOnly } from '../profile.ts'
import { parseRelay } from '../relay-address.ts'
import type { IntentTable } from './table.ts'

/** As many as an invitation names. */
const MAX_RELAYS = 3

type Names = 'settings' | 'setRelays' | 'setRelaysOnly' | 'setPassphrase'

/** What a person decides about this device. */
export function settingsIntents(messenger: Messenger): Pick<IntentTable, Names> {
  const { context, network } = messenger
  const { store, profile, lock } = context
  const reload = async (): Promise<void> => {
    const changed = await loadProfile(store)
    if (changed !== undefined) messenger.setProfile(changed)
  }
  return {
    settings: async () => {
      const { relays, relaysOnly } = profile()
      return { relays, relaysOnly, ...(lock === undefined ? {} : { passphrase: await lock.isSet() }) }
    },
    setRelays: async ({ relays }) => {
      const addresses = checkedRelays(relays)
      await chooseRelays(store, addresses)
      await reload()
      if (network.isOnline) for (const address of addresses) network.reach(address)
      await messenger.forgetRelays()
      return {}
    },
    setRelaysOnly: async ({ on }) => {
      await setRelaysOnly(store, on)
      await reload()
      network.pathsChanged()
      return {}
    },
    setPassphrase: async ({ next, old }) => {
      if (lock === undefined) throw new ClientError('no-passphrase', 'A passphrase cannot be set from here.')
      if (next === '') throw new ClientError('bad-passphrase', 'The passphrase is empty. Type one, or take it away.')
      await lock.set(next, old)
      return {}
    },
  }
}

function checkedRelays(texts: readonly string[]): Address[] {
  const addresses = texts.map((text) => {
    const address = parseRelay(text.trim())
    if (address !== undefined) return address
    throw new ClientError(
      'bad-relay',
      'This is not the address of a relay. It begins with / and ends with /p2p/ and the relay’s id.',
    )
  })
  const different = [...new Set(addresses)]
  if (different.length <= MAX_RELAYS) return different
  throw new ClientError('too-many-relays', `At most ${MAX_RELAYS} relays can be used. Remove one first.`)
}
