import type { InvitationPreview } from '@sotto/client'
import { useEffect, useState } from 'react'
import type { Router } from '../../app/router.ts'
import { useIntent } from '../../client/use-intent.ts'
import { useClientSnapshot } from '../../client/use-store.ts'
import { joinStrings } from './join-strings.ts'
import type { JoinProps, JoinSnapshot } from './join-view.tsx'

/** `given` is the link that the page was opened with, if any. */
export function useJoin(router: Router, given: string | undefined): JoinProps {
  const { self } = useClientSnapshot()
  // Decided once: the name is set in the middle of this step, and the field must not go away under the reader.
  const [asksName] = useState(self.name === '')
  const [link, setLink] = useState(given)
  const [preview, setPreview] = useState<InvitationPreview>()
  const looking = useIntent('preview')
  const naming = useIntent('rename')
  const joining = useIntent('join')
  const look = looking.run

  useEffect(() => {
    if (link === undefined) return
    let current = true
    void look({ link }).then((found) => current && setPreview(found))
    return () => {
      current = false
    }
  }, [link, look])

  const hello = async (name: string, message: string) => {
    if (link === undefined) return
    if (asksName) {
      void navigator.storage.persist()
      if (!(await naming.run({ name }))) return
    }
    const joined = await joining.run({ link, message })
    if (joined) router.go({ name: 'conversation', id: joined.conversation })
  }

  const own = preview?.account === self.account ? joinStrings.own : undefined
  const refusal = looking.problem ?? own
  return {
    snapshot: {
      step: stepOf(link, preview, refusal, given),
      inviter: preview && { name: preview.inviter, account: preview.account, expires: preview.expires },
      asksName,
      sending: naming.busy || joining.busy,
      problem: refusal ?? naming.problem ?? joining.problem,
    },
    actions: {
      check(text) {
        setPreview(undefined)
        // The same link again is a new look at it.
        if (text === link) void look({ link: text }).then(setPreview)
        else setLink(text)
      },
      hello: (name, text) => void hello(name, text),
      otherLink() {
        looking.forget()
        setLink(undefined)
        router.go({ name: 'join' })
      },
      leave: () => router.back(),
    },
  }
}

function stepOf(
  link: string | undefined,
  preview: InvitationPreview | undefined,
  refusal: string | undefined,
  given: string | undefined,
): JoinSnapshot['step'] {
  if (link === undefined) return 'paste'
  if (refusal === undefined) return preview ? 'hello' : 'checking'
  return link === given ? 'refused' : 'paste'
}
