import Monitor from 'lucide-react/icons/monitor-smartphone'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Section } from '../../ui/section.tsx'
import { moment } from '../../ui/time.ts'
import type { DeviceRow, DeviceRows } from './device-rows.ts'
import { deviceStrings } from './device-strings.ts'
import { LinkDeviceForm } from './link-device-form.tsx'

export interface DevicesSnapshot {
  /** None until the client has told. */
  readonly rows: DeviceRows | undefined
  /** False where nothing can be sent any more. */
  readonly canChange: boolean
  readonly problem: string | undefined
  readonly revoking: boolean
  /** `linked`: how many were linked since this is on show. */
  readonly link: { readonly busy: boolean; readonly problem: string | undefined; readonly linked: number }
}

export interface DevicesActions {
  link(code: string): Promise<void>
  stopLinking(): void
  revoke(device: DeviceRow['device']): Promise<void>
}

export interface DevicesProps {
  readonly snapshot: DevicesSnapshot
  readonly actions: DevicesActions
}

/** The devices of this account: which there are, one more, one less. */
export function DevicesPart({ snapshot, actions }: DevicesProps): ReactNode {
  const { rows: { there, out } = NONE, canChange, problem, revoking, link } = snapshot
  return (
    <Section heading={deviceStrings.heading} text={deviceStrings.text}>
      {problem && <Problem text={problem} />}
      <DeviceList label={deviceStrings.heading} rows={there}>
        {(row) => row.revocable && canChange && <Revoke row={row} busy={revoking} revoke={actions.revoke} />}
      </DeviceList>
      {canChange && there.some(({ current, revocable }) => !current && !revocable) && (
        <p className="text-sm text-pretty text-muted">{deviceStrings.older}</p>
      )}
      {canChange && (
        <LinkDeviceForm
          key={link.linked}
          link={link}
          submit={(code) => void actions.link(code)}
          stop={actions.stopLinking}
        />
      )}
      {out.length > 0 && (
        <>
          <h3 className="text-[15px] font-medium">{deviceStrings.out}</h3>
          <p className="text-sm text-pretty text-muted">{deviceStrings.outText}</p>
          <DeviceList label={deviceStrings.out} rows={out} />
        </>
      )}
    </Section>
  )
}

const NONE: DeviceRows = { there: [], out: [] }

interface DeviceListProps {
  readonly label: string
  readonly rows: readonly DeviceRow[]
  /** What can be done with one. */
  children?(row: DeviceRow): ReactNode
}

function DeviceList({ label, rows, children }: DeviceListProps): ReactNode {
  return (
    <ul aria-label={label} className="flex flex-col gap-2">
      {rows.map((row) => (
        <li key={row.device} className="flex items-center gap-3 rounded-xl border border-line py-2 pr-2 pl-3">
          <Monitor size={18} aria-hidden="true" className="shrink-0 text-muted" />
          <span className="min-w-0 flex-1">
            <span className="block font-medium break-words">{row.name}</span>
            {row.since !== undefined && (
              <span className="block text-sm text-muted">{deviceStrings.since(moment(row.since))}</span>
            )}
          </span>
          {children?.(row)}
        </li>
      ))}
    </ul>
  )
}

interface RevokeProps {
  readonly row: DeviceRow
  readonly busy: boolean
  revoke(device: DeviceRow['device']): Promise<void>
}

function Revoke({ row, busy, revoke }: RevokeProps): ReactNode {
  return (
    <Confirm
      title={deviceStrings.revokeTitle(row.name)}
      text={deviceStrings.revokeText}
      action={deviceStrings.revoke}
      onConfirm={() => void revoke(row.device)}
    >
      <Button look="danger" busy={busy} aria-label={deviceStrings.revokeOf(row.name)}>
        {deviceStrings.revoke}
      </Button>
    </Confirm>
  )
}
