import Check from 'lucide-react/icons/check'
import Copy from 'lucide-react/icons/copy'
import type { InvitationSnapshot } from '@sotto/client'
import { useRef } from 'react'
import type { ReactNode } from 'react'
import { strings } from '../../strings.ts'
import { Button } from '../../ui/button.tsx'
import { Pane } from '../../ui/pane.tsx'
import { Problem } from '../../ui/problem.tsx'
import { QrCode } from '../../ui/qr-code.tsx'
import { moment } from '../../ui/time.ts'

export interface InviteSnapshot {
  /** The invitation on show; none while it is being made. */
  readonly invitation: Pick<InvitationSnapshot, 'link' | 'expires' | 'uses' | 'used' | 'state'> | undefined
  readonly copied: 'no' | 'yes' | 'refused'
  readonly problem: string | undefined
  /** Who answered while the pane is open. */
  readonly answers: readonly { readonly id: string; readonly name: string }[]
}

export interface InviteActions {
  copy(): void
  another(): void
  revoke(): void
  see(request: string): void
  back(): void
}

export interface InviteProps {
  readonly snapshot: InviteSnapshot
  readonly actions: InviteActions
}

export function InviteView({ snapshot, actions }: InviteProps): ReactNode {
  const { invitation, problem, answers } = snapshot
  return (
    <Pane title={strings.invite.title} onBack={actions.back}>
      {answers.map((answer) => (
        <p key={answer.id} role="status" className="flex items-center gap-3 rounded-xl bg-accent-soft p-3 text-[15px]">
          <span className="min-w-0 flex-1 font-medium break-words">{strings.invite.answered(answer.name)}</span>
          <Button look="primary" onClick={() => actions.see(answer.id)}>
            {strings.invite.see}
          </Button>
        </p>
      ))}
      <p className="text-[15px] leading-relaxed text-muted">{strings.invite.lead}</p>
      {problem && <Problem text={problem} />}
      {problem && !invitation && <Button onClick={actions.another}>{strings.retry}</Button>}
      {!invitation && !problem && <p role="status">{strings.invite.making}</p>}
      {invitation?.state === 'open' && (
        <OpenInvitation invitation={invitation} copied={snapshot.copied} actions={actions} />
      )}
      {invitation && invitation.state !== 'open' && (
        <>
          <p role="status" className="rounded-xl bg-fill p-3 text-[15px]">
            {strings.invite.states[invitation.state]}
          </p>
          <Button look="primary" onClick={actions.another}>
            {strings.invite.another}
          </Button>
        </>
      )}
    </Pane>
  )
}

interface OpenProps {
  readonly invitation: NonNullable<InviteSnapshot['invitation']>
  readonly copied: InviteSnapshot['copied']
  readonly actions: InviteActions
}

function OpenInvitation({ invitation, copied, actions }: OpenProps): ReactNode {
  const link = useRef<HTMLInputElement>(null)
  const copy = () => {
    link.current?.select()
    actions.copy()
  }
  return (
    <>
      <div className="mx-auto w-full max-w-64 rounded-2xl border border-line bg-white p-1">
        <QrCode text={invitation.link} label={strings.invite.qr} />
      </div>
      <div className="flex gap-2">
        <input
          ref={link}
          readOnly
          aria-label={strings.invite.link}
          value={invitation.link}
          onFocus={(event) => event.target.select()}
          className="min-w-0 flex-1 rounded-xl border border-edge bg-ground px-3 text-sm text-muted"
        />
        <Button look="primary" onClick={copy}>
          {copied === 'yes' ? <Check size={18} aria-hidden="true" /> : <Copy size={18} aria-hidden="true" />}
          {copied === 'yes' ? strings.invite.copied : strings.invite.copy}
        </Button>
      </div>
      {copied === 'refused' && <Problem text={strings.invite.copyFailed} />}
      <p className="text-sm leading-relaxed text-muted">
        {strings.invite.terms(invitation.uses - invitation.used, moment(invitation.expires))} {strings.invite.offline}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button onClick={actions.another}>{strings.invite.another}</Button>
        <Button look="danger" onClick={actions.revoke}>
          {strings.invite.revoke}
        </Button>
      </div>
    </>
  )
}
