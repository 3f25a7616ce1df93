import Trash from 'lucide-react/icons/trash-2'
import { useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { Button, IconButton } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Section } from '../../ui/section.tsx'
import { Switch } from '../../ui/switch.tsx'
import { connectionStrings } from '../connection/connection-strings.ts'
import { settingsStrings } from './settings-strings.ts'
import type { SettingsProps } from './settings-view.tsx'

export function RelaysPart({ snapshot, actions }: SettingsProps): ReactNode {
  const { relays, relaysOnly } = snapshot
  return (
    <Section heading={connectionStrings.relays} text={settingsStrings.relaysText}>
      {relays.rows.length === 0 && <p className="text-sm text-muted">{settingsStrings.noRelays}</p>}
      <ul className="flex flex-col gap-2">
        {relays.rows.map((relay) => (
          <li key={relay.address} className="flex items-center gap-2 rounded-xl border border-line py-1 pr-1 pl-3">
            <span className="min-w-0 flex-1">
              <span className="block font-medium break-all">{relay.name}</span>
              <span className="block text-sm text-muted">{relay.state}</span>
            </span>
            <IconButton
              label={settingsStrings.removeRelay(relay.name)}
              disabled={relays.busy}
              onClick={() => actions.removeRelay(relay.address)}
            >
              <Trash size={18} aria-hidden="true" />
            </IconButton>
          </li>
        ))}
      </ul>
      <AddRelay key={relays.rows.length} {...relays} add={actions.addRelay} />
      {relaysOnly.problem && <Problem text={relaysOnly.problem} />}
      <Switch
        label={settingsStrings.relaysOnly}
        hint={settingsStrings.relaysOnlyHint}
        on={relaysOnly.on}
        busy={relaysOnly.busy}
        change={actions.relaysOnly}
      />
    </Section>
  )
}

interface AddRelayProps {
  readonly problem: string | undefined
  readonly there: string | undefined
  readonly busy: boolean
  add(address: string): void
}

/** Made anew when the list has changed: what was typed has become part of it. */
function AddRelay({ problem, there, busy, add }: AddRelayProps): ReactNode {
  const [address, setAddress] = useState('')
  const [wasEmpty, setWasEmpty] = useState(false)
  const typed = address.trim()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setWasEmpty(typed === '')
    if (typed !== '') add(typed)
  }
  const missing = wasEmpty && typed === '' ? settingsStrings.relayMissing : undefined
  const mistake = typed !== '' && typed === there ? settingsStrings.relayThere : missing
  return (
    <form onSubmit={submit} noValidate className="flex flex-col items-start gap-3">
      <Field
        label={settingsStrings.relayAddress}
        hint={settingsStrings.relayHint}
        problem={mistake ?? problem}
        value={address}
        onChange={(event) => setAddress(event.target.value)}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        className="w-full"
      />
      <Button type="submit" busy={busy}>
        {settingsStrings.addRelay}
      </Button>
    </form>
  )
}
