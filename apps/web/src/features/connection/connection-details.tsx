import Check from 'lucide-react/icons/check'
import X from 'lucide-react/icons/x'
import type { ReactNode } from 'react'
import { Avatar } from '../../ui/avatar.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import type { DetailsSnapshot } from './connection-model.ts'
import { connectionStrings } from './connection-strings.ts'

export interface ConnectionDetailsProps {
  readonly snapshot: DetailsSnapshot
  readonly actions: { close(): void }
}

export function ConnectionDetails({ snapshot, actions }: ConnectionDetailsProps): ReactNode {
  const { relays, people, waiting } = snapshot
  return (
    <Dialog title={connectionStrings.title} onClose={actions.close}>
      <div className="flex flex-col gap-5 text-[15px]">
        <Part
          heading={connectionStrings.relays}
          text={relays.length > 0 ? connectionStrings.relaysText : connectionStrings.noRelays}
        >
          {relays.map((relay) => (
            <li key={relay.id} className="flex gap-3">
              {relay.ok ? (
                <Check size={18} aria-hidden="true" className="mt-0.5 shrink-0 text-accent-ink" />
              ) : (
                <X size={18} aria-hidden="true" className="mt-0.5 shrink-0 text-danger" />
              )}
              <span className="min-w-0">
                <span className="block font-medium break-all">{relay.address}</span>
                <span className="block text-sm text-muted">{relay.state}</span>
              </span>
            </li>
          ))}
        </Part>
        <Part heading={connectionStrings.people} text={people.length === 0 ? connectionStrings.noPeople : undefined}>
          {people.map((person) => (
            <li key={person.id} className="flex items-center gap-3">
              <Avatar name={person.name} seed={person.seed} connection={person.kind} />
              <span className="min-w-0 flex-1 truncate font-medium">{person.name}</span>
              <span className="text-sm text-muted">{connectionStrings.words[person.kind]}</span>
            </li>
          ))}
        </Part>
        <Part
          heading={connectionStrings.waiting}
          text={waiting.length === 0 ? connectionStrings.nothingWaiting : undefined}
        >
          {waiting.map((row) => (
            <li key={row.key}>
              <span className="block font-medium">{row.text}</span>
              <span className="block text-sm text-muted">{row.because}</span>
            </li>
          ))}
        </Part>
      </div>
    </Dialog>
  )
}

interface PartProps {
  readonly heading: string
  readonly text: string | undefined
  readonly children: readonly ReactNode[]
}

function Part({ heading, text, children }: PartProps): ReactNode {
  return (
    <section className="flex flex-col gap-2">
      <h3 className="text-sm font-semibold text-muted">{heading}</h3>
      {text && <p className="text-sm text-muted">{text}</p>}
      {children.length > 0 && <ul className="flex flex-col gap-3">{children}</ul>}
    </section>
  )
}
