import Check from 'lucide-react/icons/check'
import Copy from 'lucide-react/icons/copy'
import { useRef } from 'react'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Pane } from '../../ui/pane.tsx'
import { Problem } from '../../ui/problem.tsx'
import { QrCode } from '../../ui/qr-code.tsx'
import { moment } from '../../ui/time.ts'
import { uiStrings } from '../../ui/ui-strings.ts'
import { useRefocus } from '../../ui/use-refocus.ts'
import { requestStrings } from '../requests/request-strings.ts'
import type { InvitationRow } from './invitation-rows.ts'
import { inviteStrings } from './invite-strings.ts'
import { OtherInvitations } from './other-invitations.tsx'

export interface InviteSnapshot {
  /** The invitation on show; none while it is being made. */
  readonly invitation: InvitationRow | undefined
  readonly copied: 'no' | 'yes' | 'refused'
  readonly problem: string | undefined
  /** One is being taken back. */
  readonly busy: boolean
  /** Who answered while the pane is open. */
  readonly answers: readonly { readonly id: string; readonly name: string }[]
  /** All others that can still be used. */
  readonly others: readonly InvitationRow[]
  /** The one of them that was taken back last while the pane is open, as its row was called. */
  readonly takenBack: string | undefined
}

export interface InviteActions {
  copy(): void
  another(): void
  revoke(invitation: string): void
  see(request: string): void
  back(): void
}

export interface InviteProps {
  readonly snapshot: InviteSnapshot
  readonly actions: InviteActions
}

export function InviteView({ snapshot, actions }: InviteProps): ReactNode {
  const { invitation, problem, answers } = snapshot
  const place = useRef<HTMLDivElement>(null)
  useRefocus(place, invitation && `${invitation.id} ${invitation.state}`)
  const isEnded = invitation !== undefined && invitation.state !== 'open'
  return (
    <Pane title={inviteStrings.title} onBack={actions.back}>
      {answers.map((answer) => (
        <p key={answer.id} role="status" className="flex items-center gap-3 rounded-xl bg-accent-soft p-3 text-[15px]">
          <span className="min-w-0 flex-1 font-medium break-words">{requestStrings.title(answer.name)}</span>
          <Button look="primary" onClick={() => actions.see(answer.id)}>
            {inviteStrings.see}
          </Button>
        </p>
      ))}
      <div ref={place} tabIndex={-1} className="flex flex-col gap-5 outline-none">
        {!isEnded && <p className="text-[15px] leading-relaxed text-muted">{inviteStrings.lead}</p>}
        {problem && <Problem text={problem} />}
        {problem && !invitation && <Button onClick={actions.another}>{uiStrings.retry}</Button>}
        {!invitation && !problem && <p role="status">{inviteStrings.making}</p>}
        {invitation?.state === 'open' && (
          <OpenInvitation invitation={invitation} copied={snapshot.copied} busy={snapshot.busy} actions={actions} />
        )}
        {invitation && invitation.state !== 'open' && (
          <>
            <p role="status" className="rounded-xl bg-fill p-3 text-[15px]">
              {inviteStrings.states[invitation.state]}
            </p>
            <Button look="primary" onClick={actions.another}>
              {inviteStrings.another}
            </Button>
          </>
        )}
      </div>
      <OtherInvitations snapshot={snapshot} actions={actions} />
    </Pane>
  )
}

interface OpenProps {
  readonly invitation: InvitationRow
  readonly copied: InviteSnapshot['copied']
  readonly busy: boolean
  readonly actions: InviteActions
}

function OpenInvitation({ invitation, copied, busy, actions }: OpenProps): ReactNode {
  const link = useRef<HTMLInputElement>(null)
  const copy = () => {
    link.current?.select()
    actions.copy()
  }
  return (
    <>
      <div className="mx-auto w-full max-w-64 rounded-2xl border border-line bg-white p-1">
        <QrCode text={invitation.link} label={inviteStrings.qr} />
      </div>
      <div className="flex gap-2">
        <input
          ref={link}
          readOnly
          aria-label={inviteStrings.link}
          value={invitation.link}
          onFocus={(event) => event.target.select()}
          className="min-w-0 flex-1 rounded-xl border border-edge bg-ground px-3 text-sm text-muted"
        />
        <Button look="primary" onClick={copy}>
          {copied === 'yes' ? <Check size={18} aria-hidden="true" /> : <Copy size={18} aria-hidden="true" />}
          {copied === 'yes' ? inviteStrings.copied : inviteStrings.copy}
        </Button>
      </div>
      {copied === 'refused' && <Problem text={inviteStrings.copyFailed} />}
      <p className="text-sm leading-relaxed text-muted">
        {inviteStrings.terms(invitation.left, moment(invitation.expires))} {inviteStrings.offline}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button onClick={actions.another}>{inviteStrings.another}</Button>
        <Button look="danger" busy={busy} onClick={() => actions.revoke(invitation.id)}>
          {inviteStrings.revoke}
        </Button>
      </div>
    </>
  )
}
