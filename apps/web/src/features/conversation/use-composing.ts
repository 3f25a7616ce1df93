import type { ConversationId } from '@sotto/interface'
import { useEffect, useState } from 'react'
import { useClient } from '../../client/client-context.ts'
import { sentenceOf } from '../../client/sentence-of.ts'
import type { ComposerActions, ComposerSnapshot } from './composer.tsx'
import { draftsOf } from './drafts.ts'

export interface Composing {
  readonly snapshot: Pick<ComposerSnapshot, 'draft' | 'problem'>
  readonly actions: ComposerActions
}

/** What is being written in one conversation. */
export function useComposing(id: ConversationId): Composing {
  const client = useClient()
  const drafts = draftsOf(client)
  const [typed, setTyped] = useState<string | undefined>(() => drafts.of(id))
  const [problem, setProblem] = useState<string>()

  // Kept ones may come after the conversation was opened; what was typed by then stays.
  useEffect(() => {
    let isOpen = true
    void drafts.read().then(() => isOpen && setTyped((now) => now ?? drafts.of(id)))
    return () => {
      isOpen = false
    }
  }, [drafts, id])

  const draft = (text: string) => {
    setTyped(text)
    drafts.keep(id, text)
  }
  const send = async () => {
    const text = (typed ?? '').trim()
    drafts.sending(id)
    setTyped('')
    setProblem(undefined)
    try {
      await client.do('send', { conversation: id, text, wait: 'queued' })
    } catch (error) {
      // Nothing that was written may get lost: it goes back in front of what was typed since.
      setTyped((since) => {
        const both = since ? `${text}\n${since}` : text
        drafts.keep(id, both)
        return both
      })
      setProblem(sentenceOf(error))
    }
  }
  return { snapshot: { draft: typed ?? '', problem }, actions: { draft, send: () => void send() } }
}
