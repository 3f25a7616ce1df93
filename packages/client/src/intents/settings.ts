import type { Address } from '@sotto/interface'
import type { Messenger } from '../client.ts'
import { putSetting, type Setting } from '../devices/settings.ts'
import { ClientError } from '../errors.ts'
import { checkedName, restoreProfile } from '../profile.ts'
import { parseRelay } from '../relay-address.ts'
import type { IntentTable } from './table.ts'

/** As many as an invitation names. */
const MAX_RELAYS = 3

type Names = 'settings' | 'rename' | 'restore' | 'setRelays' | 'setRelaysOnly' | 'setPassphrase'

/** What a person decides about how Sotto works: here, and on their other devices where {@link putSetting} says it. */
export function settingsIntents(messenger: Messenger): Pick<IntentTable, Names> {
  const { profile, lock } = messenger.context
  const put = async (setting: Setting): Promise<object> => {
    await putSetting({ context: messenger.context, conversations: () => messenger.conversations }, setting)
    await messenger.settingsChanged()
    await messenger.errands.run()
    return {}
  }
  return {
    settings: async () => {
      const { name, relays, relaysOnly } = profile()
      return { name, relays, relaysOnly, ...(lock === undefined ? {} : { passphrase: await lock.isSet() }) }
    },
    rename: ({ name }) => put({ case: 'name', value: checkedName(name) }),
    restore: async (ask) => {
      messenger.setProfile(await restoreProfile(messenger.context, ask))
      return {}
    },
    setRelays: async ({ relays }) => put({ case: 'relays', value: checkedRelays(relays) }),
    setRelaysOnly: ({ on }) => put({ case: 'relaysOnly', value: on }),
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
