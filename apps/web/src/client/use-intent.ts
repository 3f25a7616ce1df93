import type { Answer, Ask, IntentName } from '@sotto/client'
import { useCallback, useState } from 'react'
import { useClient } from './client-context.ts'
import { sentenceOf } from './sentence-of.ts'

export interface IntentRun<N extends IntentName> {
  /** Answers `undefined` when it failed; `problem` then holds the sentence. */
  run(ask: Ask<N>): Promise<Answer<N> | undefined>
  readonly busy: boolean
  readonly problem: string | undefined
  forget(): void
}

/** One intent of the client as a view needs it: whether it runs now, and the sentence if it failed. */
export function useIntent<N extends IntentName>(name: N): IntentRun<N> {
  const client = useClient()
  const [state, setState] = useState<{ busy: boolean; problem: string | undefined }>({
    busy: false,
    problem: undefined,
  })
  const run = useCallback(
    async (ask: Ask<N>) => {
      setState({ busy: true, problem: undefined })
      try {
        const answer = await client.do(name, ask)
        setState({ busy: false, problem: undefined })
        return answer
      } catch (error) {
        setState({ busy: false, problem: sentenceOf(error) })
        return undefined
      }
    },
    [client, name],
  )
  const forget = useCallback(() => setState({ busy: false, problem: undefined }), [])
  return { run, forget, ...state }
}
