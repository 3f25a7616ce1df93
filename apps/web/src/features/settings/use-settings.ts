import type { Answer, ClientSnapshot } from '@sotto/client'
import { useEffect, useState } from 'react'
import type { Router } from '../../app/router.ts'
import { chooseTheme, theme } from '../../client/theme.ts'
import { useIntent } from '../../client/use-intent.ts'
import { useClientSnapshot, useStore } from '../../client/use-store.ts'
import { relayState, shortAddress } from '../connection/connection-model.ts'
import { connectionStrings } from '../connection/connection-strings.ts'
import { useDevices } from './use-devices.ts'
import type { SettingsProps, SettingsSnapshot } from './settings-view.tsx'

export function useSettings(router: Router): SettingsProps {
  const client = useClientSnapshot()
  const settings = useIntent('settings')
  const rename = useIntent('rename')
  const setRelays = useIntent('setRelays')
  const setRelaysOnly = useIntent('setRelaysOnly')
  const setPassphrase = useIntent('setPassphrase')
  const [known, setKnown] = useState<Answer<'settings'>>()
  const [saved, setSaved] = useState(false)
  const [there, setThere] = useState<string>()

  const ask = settings.run
  const look = async () => {
    const found = await ask({})
    setKnown(found)
    return found
  }
  // Another device of the same person may change them while they are looked at.
  const { name, relaysOnly } = client.self
  const chosen = client.self.relays?.join()
  useEffect(() => {
    void ask({}).then(setKnown)
  }, [ask, name, relaysOnly, chosen])

  const relays = known?.relays ?? []
  const keepRelays = async (next: readonly string[]) => (await setRelays.run({ relays: next })) && (await look())
  const addRelay = async (address: string) => {
    setThere(undefined)
    const next = await keepRelays([...relays, address])
    // The same address can be written in more than one way: the client knows.
    if (next && next.relays.length === relays.length) setThere(address)
  }
  return {
    devices: useDevices(),
    snapshot: {
      theme: useStore(theme),
      name: { name: client.self.name, saved, busy: rename.busy, problem: rename.problem },
      isKnown: known !== undefined,
      problem: settings.problem,
      relays: { rows: relayRows(relays, client), there, busy: setRelays.busy, problem: setRelays.problem },
      relaysOnly: { on: known?.relaysOnly === true, busy: setRelaysOnly.busy, problem: setRelaysOnly.problem },
      passphrase: {
        isSet: known?.passphrase === true,
        canLock: known?.passphrase !== undefined,
        busy: setPassphrase.busy,
        problem: setPassphrase.problem,
      },
    },
    actions: {
      back: () => router.back(),
      theme: chooseTheme,
      rename(name) {
        setSaved(false)
        void rename.run({ name }).then((done) => setSaved(done !== undefined))
      },
      addRelay: (address) => void addRelay(address),
      removeRelay: (address) => void keepRelays(relays.filter((one) => one !== address)),
      relaysOnly: (on) => void setRelaysOnly.run({ on }).then((done) => done && look()),
      async setPassphrase(next, old) {
        const done = await setPassphrase.run({ ...(next && { next }), ...(old && { old }) })
        if (done) await look()
        return done !== undefined
      },
      forgetPassphraseProblem: setPassphrase.forget,
    },
  }
}

function relayRows(addresses: readonly string[], client: ClientSnapshot): SettingsSnapshot['relays']['rows'] {
  return addresses.map((address) => {
    const relay = client.relays.find((one) => one.address === address)
    return {
      address,
      name: shortAddress(address),
      state: relay ? relayState(relay) : connectionStrings.connecting,
    }
  })
}
