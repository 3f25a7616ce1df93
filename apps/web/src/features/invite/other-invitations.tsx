import { useRef } from 'react'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/section.tsx'
import { moment } from '../../ui/time.ts'
import { useRefocus } from '../../ui/use-refocus.ts'
import { groupStrings } from '../group/group-strings.ts'
import { inviteStrings } from './invite-strings.ts'
import type { InviteProps } from './invite-view.tsx'

/** The open invitations that are not on show, each to be taken back; and which one was. */
export function OtherInvitations({ snapshot, actions }: InviteProps): ReactNode {
  const { others, takenBack, busy } = snapshot
  const place = useRef<HTMLDivElement>(null)
  useRefocus(place, takenBack)
  return (
    <>
      {others.length > 0 && (
        <Section heading={inviteStrings.others} text={inviteStrings.othersText}>
          <ul className="flex flex-col gap-2">
            {others.map(({ id, mark, left, expires }) => (
              <li key={id} className="flex items-center gap-3 rounded-xl border border-line p-3">
                <span className="min-w-0 flex-1">
                  <span className="block text-[15px] font-medium break-all">{inviteStrings.ending(mark)}</span>
                  <span className="block text-sm text-muted">{inviteStrings.terms(left, moment(expires))}</span>
                </span>
                <Button className="px-3! text-sm!" disabled={busy} onClick={() => actions.revoke(id)}>
                  <span className="sr-only">{inviteStrings.revokeOther(mark)}</span>
                  <span aria-hidden="true">{groupStrings.takeBackAction}</span>
                </Button>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {/* Always there, so that a screen reader hears what comes into it. */}
      <div ref={place} tabIndex={-1} role="status" className="text-[15px] outline-none empty:hidden">
        {takenBack !== undefined && <p className="rounded-xl bg-fill p-3">{inviteStrings.revokedOther(takenBack)}</p>}
      </div>
    </>
  )
}
