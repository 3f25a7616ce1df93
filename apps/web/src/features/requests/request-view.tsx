import { useRef } from 'react'
import type { ReactNode } from 'react'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Pane } from '../../ui/pane.tsx'
import { Problem } from '../../ui/problem.tsx'
import { moment } from '../../ui/time.ts'
import { useRefocus } from '../../ui/use-refocus.ts'
import { requestStrings } from './request-strings.ts'

export interface RequestViewSnapshot {
  readonly name: string
  readonly account: string
  readonly message: string
  /** What one knows of this account, or of another one of this name. */
  readonly acquaintance: string | undefined
  /** Of a group into which one is invited. */
  readonly group: string | undefined
  /** `waiting`: accepted, and others are to act before there is anything to open. `taken-back`: by whoever has asked. */
  readonly state: 'open' | 'waiting' | 'taken-back'
  readonly receivedAt: number
  readonly busy: boolean
  readonly problem: string | undefined
}

export interface RequestActions {
  accept(): void
  decline(): void
  block(): void
  back(): void
}

export interface RequestProps {
  readonly snapshot: RequestViewSnapshot
  readonly actions: RequestActions
}

/** A stranger's hello: their text and nothing else, until the reader has decided. */
export function RequestView({ snapshot, actions }: RequestProps): ReactNode {
  const { name, account, message, group, problem } = snapshot
  const told = useRef<HTMLParagraphElement>(null)
  useRefocus(told, snapshot.state)
  return (
    <Pane
      title={group === undefined ? requestStrings.title(name) : requestStrings.invitation(group)}
      onBack={actions.back}
    >
      <div className="flex items-start gap-3">
        <Avatar name={name} seed={account} />
        <div className="min-w-0">
          {group !== undefined && <p className="font-semibold break-words">{name}</p>}
          {message !== '' && (
            <p
              dir="auto"
              className="rounded-2xl rounded-bl-md bg-fill px-3 py-2 text-[15px] leading-snug break-words whitespace-pre-wrap"
            >
              {message}
            </p>
          )}
          <p className="mt-1 text-xs text-muted">{requestStrings.came(moment(snapshot.receivedAt))}</p>
        </div>
      </div>
      {snapshot.state === 'open' && (
        <p className="text-[15px] leading-relaxed text-muted">
          {group === undefined ? requestStrings.explain(name) : requestStrings.invitationText(name)}
        </p>
      )}
      {snapshot.state === 'open' && snapshot.acquaintance !== undefined && (
        <p className="rounded-xl bg-fill p-3 text-[15px] leading-relaxed">{snapshot.acquaintance}</p>
      )}
      {problem && <Problem text={problem} />}
      {snapshot.state === 'open' && <Answers snapshot={snapshot} actions={actions} />}
      {snapshot.state === 'waiting' && (
        <p ref={told} tabIndex={-1} role="status" className="rounded-xl bg-accent-soft p-3 text-[15px] outline-none">
          {requestStrings.accepted(name)}
        </p>
      )}
      {snapshot.state === 'taken-back' && (
        <>
          <p ref={told} tabIndex={-1} role="status" className="rounded-xl bg-fill p-3 text-[15px] outline-none">
            {requestStrings.takenBack(name)}
          </p>
          <Button className="self-start" busy={snapshot.busy} onClick={actions.decline}>
            {requestStrings.dismiss}
          </Button>
        </>
      )}
    </Pane>
  )
}

function Answers({ snapshot, actions }: RequestProps): ReactNode {
  const { name, busy } = snapshot
  return (
    <div className="flex flex-wrap gap-2">
      <Button look="primary" busy={busy} onClick={actions.accept}>
        {requestStrings.accept}
      </Button>
      <Button disabled={busy} onClick={actions.decline}>
        {requestStrings.decline}
      </Button>
      <Confirm
        title={requestStrings.blockTitle(name)}
        text={requestStrings.blockText(name)}
        action={requestStrings.block}
        onConfirm={actions.block}
      >
        <Button look="danger" disabled={busy}>
          {requestStrings.block}
        </Button>
      </Confirm>
    </div>
  )
}
