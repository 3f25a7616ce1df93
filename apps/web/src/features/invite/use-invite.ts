import type { ClientSnapshot, InvitationSnapshot } from '@sotto/client'
import { useEffect, useRef, useState } from 'react'
import type { Router } from '../../app/router.ts'
import { copyText } from '../../client/copy-text.ts'
import { useIntent } from '../../client/use-intent.ts'
import { useClientSnapshot } from '../../client/use-store.ts'
import type { InviteProps, InviteSnapshot } from './invite-view.tsx'

/** Shows the newest invitation that can still be used, and makes one when there is none. */
export function useInvite(router: Router): InviteProps {
  const client = useClientSnapshot()
  const invite = useIntent('invite')
  const revoke = useIntent('revoke')
  const [shown, setShown] = useState(() => newestOpen(client)?.invitation)
  const [copied, setCopied] = useState<InviteSnapshot['copied']>('no')
  const [known] = useState(() => new Set(client.requests.map((request) => request.id)))
  const invitation = client.invitations.find((one) => one.invitation === shown)

  const make = async () => {
    setCopied('no')
    const made = await invite.run({ base: location.origin + location.pathname })
    if (made) setShown(made.invitation)
  }

  const asked = useRef(false)
  useEffect(() => {
    if (shown !== undefined || asked.current) return
    asked.current = true
    void make()
  })

  return {
    snapshot: {
      invitation: invite.busy ? undefined : invitation,
      copied,
      problem: invite.problem ?? revoke.problem,
      answers: client.requests.filter((request) => !known.has(request.id)),
    },
    actions: {
      copy: () => void copyText(invitation?.link ?? '').then((done) => setCopied(done ? 'yes' : 'refused')),
      another: () => void make(),
      revoke: () => void (shown && revoke.run({ id: shown })),
      see(id) {
        const request = client.requests.find((one) => one.id === id)
        if (request) router.go({ name: 'request', id: request.id })
      },
      back: () => router.back(),
    },
  }
}

function newestOpen(client: ClientSnapshot): InvitationSnapshot | undefined {
  return client.invitations
    .filter((one) => one.state === 'open' && one.used === 0)
    .reduce<InvitationSnapshot | undefined>(
      (best, one) => (best && best.expires >= one.expires ? best : one),
      undefined,
    )
}
