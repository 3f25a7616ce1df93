import type { ReactNode } from 'react'
import type { Theme } from '../../client/theme.ts'
import { Pane } from '../../ui/pane.tsx'
import { Problem } from '../../ui/problem.tsx'
import { DevicesPart } from './devices-part.tsx'
import type { DevicesProps } from './devices-part.tsx'
import { NamePart } from './name-part.tsx'
import { PassphrasePart } from './passphrase-part.tsx'
import { RelaysPart } from './relays-part.tsx'
import { settingsStrings } from './settings-strings.ts'
import { ThemePart } from './theme-part.tsx'

interface Change {
  readonly busy: boolean
  readonly problem: string | undefined
}

export interface SettingsSnapshot {
  readonly theme: Theme
  /** `saved` once it was changed here. */
  readonly name: Change & { readonly name: string; readonly saved: boolean }
  /** False until the client has told what is set. */
  readonly isKnown: boolean
  readonly problem: string | undefined
  readonly relays: Change & {
    /** The address that was to be added last, if it was in the list already. */
    readonly there: string | undefined
    readonly rows: readonly { readonly address: string; readonly name: string; readonly state: string }[]
  }
  readonly relaysOnly: Change & { readonly on: boolean }
  /** `canLock` is false where the store cannot be locked. */
  readonly passphrase: Change & { readonly isSet: boolean; readonly canLock: boolean }
}

export interface SettingsActions {
  back(): void
  theme(theme: Theme): void
  rename(name: string): void
  addRelay(address: string): void
  removeRelay(address: string): void
  relaysOnly(on: boolean): void
  /** Answers whether it was done; if not, the snapshot says why. */
  setPassphrase(next: string | undefined, old: string | undefined): Promise<boolean>
  forgetPassphraseProblem(): void
}

export interface SettingsProps {
  readonly devices: DevicesProps
  readonly snapshot: SettingsSnapshot
  readonly actions: SettingsActions
}

export function SettingsView(props: SettingsProps): ReactNode {
  const { snapshot, actions } = props
  return (
    <Pane title={settingsStrings.title} onBack={actions.back}>
      <NamePart {...props} />
      <ThemePart theme={snapshot.theme} choose={actions.theme} />
      <DevicesPart {...props.devices} />
      {snapshot.problem && <Problem text={snapshot.problem} />}
      {snapshot.isKnown && <RelaysPart {...props} />}
      {snapshot.isKnown && snapshot.passphrase.canLock && <PassphrasePart {...props} />}
    </Pane>
  )
}
