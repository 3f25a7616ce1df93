import type { RequestSnapshot } from '@sotto/client'
import type { ConversationId } from '@sotto/interface'
import { useEffect, useState } from 'react'
import type { Router } from '../../app/router.ts'
import { useIntent } from '../../client/use-intent.ts'
import { useClientSnapshot } from '../../client/use-store.ts'
import type { RequestProps } from './request-view.tsx'

export function useRequest(router: Router, request: RequestSnapshot): RequestProps {
  const accept = useIntent('accept')
  const decline = useIntent('decline')
  const block = useIntent('block')
  const { conversations } = useClientSnapshot()
  const [goingTo, setGoingTo] = useState<ConversationId>()

  const acceptIt = async () => {
    const accepted = await accept.run({ id: request.id })
    setGoingTo(accepted?.conversation)
  }
  const isThere = conversations.some((one) => one.conversation === goingTo)
  useEffect(() => {
    if (goingTo !== undefined && isThere) router.go({ name: 'conversation', id: goingTo })
  }, [router, goingTo, isThere])
  const declineIt = async () => {
    if (await decline.run({ id: request.id })) router.back()
  }
  const blockThem = async () => {
    if (await block.run({ account: request.account })) router.back()
  }
  return {
    snapshot: {
      name: request.name,
      account: request.account,
      message: request.message,
      group: request.title,
      isAccepted: goingTo !== undefined && !isThere,
      receivedAt: request.receivedAt,
      busy: accept.busy || decline.busy || block.busy,
      problem: accept.problem ?? decline.problem ?? block.problem,
    },
    actions: {
      accept: () => void acceptIt(),
      decline: () => void declineIt(),
      block: () => void blockThem(),
      back: () => router.back(),
    },
  }
}
