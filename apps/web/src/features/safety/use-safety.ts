import type { ConversationSummary } from '@sotto/client'
import { useEffect, useState } from 'react'
import { useIntent } from '../../client/use-intent.ts'
import type { SafetyProps } from './safety-view.tsx'

export function useSafety(conversation: ConversationSummary, close: () => void): SafetyProps {
  const safety = useIntent('safety')
  const verify = useIntent('verify')
  const [digits, setDigits] = useState<string>()
  const id = conversation.conversation
  const ask = safety.run

  useEffect(() => {
    void ask({ conversation: id }).then((answer) => setDigits(answer?.safetyNumber))
  }, [ask, id])

  return {
    snapshot: {
      name: conversation.title,
      digits,
      verified: conversation.verified,
      busy: verify.busy,
      problem: safety.problem ?? verify.problem,
    },
    actions: {
      verify: () => void (conversation.peer && verify.run({ account: conversation.peer })),
      close,
    },
  }
}
