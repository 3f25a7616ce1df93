import Check from 'lucide-react/icons/check'
import Copy from 'lucide-react/icons/copy'
import { useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { copyText } from '../client/copy-text.ts'
import { Button } from '../ui/button.tsx'
import { Page } from '../ui/page.tsx'
import { Problem } from '../ui/problem.tsx'
import { QrCode } from '../ui/qr-code.tsx'
import { uiStrings } from '../ui/ui-strings.ts'
import { linkingStrings } from './linking-strings.ts'
import type { LinkingState } from './session-linking.ts'

export interface LinkingProps {
  readonly snapshot: LinkingState
  readonly actions: { another(): void; cancel(): void }
}

/** This device shows a code and waits for one that the person has. */
export function LinkingView({ snapshot, actions }: LinkingProps): ReactNode {
  const { code, problem } = snapshot
  return (
    <Page title={linkingStrings.title} lead={linkingStrings.lead}>
      {problem && <Problem text={problem} />}
      {code && <Code key={code} code={code} />}
      {!problem && <p role="status">{code ? linkingStrings.waiting : linkingStrings.making}</p>}
      <div className="flex flex-wrap gap-2">
        {problem && (
          <Button look="primary" onClick={actions.another} autoFocus>
            {linkingStrings.another}
          </Button>
        )}
        <Button onClick={actions.cancel}>{uiStrings.cancel}</Button>
      </div>
    </Page>
  )
}

function Code({ code }: { readonly code: string }): ReactNode {
  const field = useRef<HTMLInputElement>(null)
  const [copied, setCopied] = useState<'no' | 'yes' | 'refused'>('no')
  const copy = () => {
    field.current?.select()
    void copyText(code).then((done) => setCopied(done ? 'yes' : 'refused'))
  }
  return (
    <>
      <div className="mx-auto w-full max-w-64 rounded-2xl border border-line bg-white p-1">
        <QrCode text={code} label={linkingStrings.qr} />
      </div>
      <div className="flex gap-2">
        <input
          ref={field}
          readOnly
          aria-label={linkingStrings.code}
          value={code}
          onFocus={(event) => event.target.select()}
          autoFocus
          className="min-w-0 flex-1 rounded-xl border border-edge bg-ground px-3 text-sm text-muted"
        />
        <Button look="primary" onClick={copy}>
          {copied === 'yes' ? <Check size={18} aria-hidden="true" /> : <Copy size={18} aria-hidden="true" />}
          {copied === 'yes' ? linkingStrings.copied : linkingStrings.copy}
        </Button>
      </div>
      {copied === 'refused' && <Problem text={linkingStrings.copyFailed} />}
      <p className="text-sm leading-relaxed text-muted">{linkingStrings.secret}</p>
    </>
  )
}
