import type { AwaitedGroup, RequestSnapshot } from '@sotto/client'
import type { ConversationId } from '@sotto/interface'
import { useEffect, useState } from 'react'
import type { Router } from '../../app/router.ts'
import { useIntent } from '../../client/use-intent.ts'
import { useClientSnapshot } from '../../client/use-store.ts'
import { acquaintance } from './acquaintance.ts'
import type { RequestProps } from './request-view.tsx'

/** `awaited`: the group of a request that was answered with yes, as long as one is not in it. */
export function useRequest(router: Router, request: RequestSnapshot, awaited: AwaitedGroup | undefined): RequestProps {
  const accept = useIntent('accept')
  const decline = useIntent('decline')
  const block = useIntent('block')
  const { conversations } = useClientSnapshot()
  const [goingTo, setGoingTo] = useState<ConversationId>()
  const waitsFor = awaited?.state === 'waiting' ? awaited.conversation : undefined
  if (waitsFor !== undefined && waitsFor !== goingTo) setGoingTo(waitsFor)

  const acceptIt = async () => {
    const accepted = await accept.run({ id: request.id })
    setGoingTo(accepted?.conversation)
  }
  const isThere = conversations.some((one) => one.conversation === goingTo && one.phase !== 'ended')
  useEffect(() => {
    if (goingTo !== undefined && isThere) router.go({ name: 'conversation', id: goingTo })
  }, [router, goingTo, isThere])
  const declineIt = async () => {
    if (await decline.run({ id: request.id })) router.back()
  }
  const blockThem = async () => {
    if (await block.run({ account: request.account })) router.back()
  }
  const isWaiting = goingTo !== undefined && !isThere
  return {
    snapshot: {
      name: request.name,
      account: request.account,
      message: request.message,
      acquaintance: acquaintance(request, conversations),
      group: request.title,
      state: awaited?.state === 'taken-back' ? 'taken-back' : isWaiting ? 'waiting' : 'open',
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
