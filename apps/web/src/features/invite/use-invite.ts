import type { InvitationId } from '@sotto/interface'
import { useEffect, useRef, useState } from 'react'
import type { Router } from '../../app/router.ts'
import { copyText } from '../../client/copy-text.ts'
import { useIntent } from '../../client/use-intent.ts'
import { useNow } from '../../client/use-now.ts'
import { useClientSnapshot } from '../../client/use-store.ts'
import { invitationRows, newestUnused } from './invitation-rows.ts'
import type { InviteProps, InviteSnapshot } from './invite-view.tsx'

/** Shows the newest invitation that can still be used, and makes one when there is none; and which others are open. */
export function useInvite(router: Router): InviteProps {
  const client = useClientSnapshot()
  const now = useNow()
  const invite = useIntent('invite')
  const revoke = useIntent('revoke')
  const [shown, setShown] = useState<InvitationId | undefined>(() => newestUnused(client, now))
  const [asked, setAsked] = useState<string>()
  const [copied, setCopied] = useState<InviteSnapshot['copied']>('no')
  const [before, setBefore] = useState<ReadonlySet<string>>(new Set())
  const [known] = useState(() => new Set(client.requests.map((request) => request.id)))
  const rows = invitationRows(client, now)
  const invitation = rows.find((row) => row.id === shown)

  const make = async () => {
    setCopied('no')
    setBefore(new Set(rows.map((row) => row.id)))
    const made = await invite.run({ base: location.origin + location.pathname })
    if (made) setShown(made.invitation)
  }
  const takeBack = async (id: string) => {
    setAsked(id === shown ? undefined : id)
    await revoke.run({ id })
  }

  const isMade = useRef(false)
  useEffect(() => {
    if (shown !== undefined || isMade.current) return
    isMade.current = true
    void make()
  })

  // The one that is being made is on show once it is made.
  const isOther = ({ id }: { id: string }) => id !== shown && (!invite.busy || before.has(id))
  return {
    snapshot: {
      invitation: invite.busy ? undefined : invitation,
      copied,
      problem: invite.problem ?? revoke.problem,
      busy: revoke.busy,
      answers: client.requests.filter((request) => !known.has(request.id)),
      others: rows.filter((row) => row.state === 'open' && isOther(row)),
      takenBack: rows.find((row) => row.id === asked && row.state === 'revoked')?.mark,
    },
    actions: {
      copy: () => void copyText(invitation?.link ?? '').then((done) => setCopied(done ? 'yes' : 'refused')),
      another: () => void make(),
      revoke: (id) => void takeBack(id),
      see(id) {
        const request = client.requests.find((one) => one.id === id)
        if (request) router.go({ name: 'request', id: request.id })
      },
      back: () => router.back(),
    },
  }
}
