import { useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { uiStrings } from '../../ui/ui-strings.ts'
import { deviceStrings } from './device-strings.ts'
import type { DevicesSnapshot } from './devices-part.tsx'

interface LinkDeviceProps {
  readonly link: DevicesSnapshot['link']
  submit(code: string): void
  /** Gives up waiting for the new device. */
  stop(): void
}

/** Takes the code that a new device shows. Made anew once it was linked: its code does nothing any more. */
export function LinkDeviceForm({ link, submit, stop }: LinkDeviceProps): ReactNode {
  const [code, setCode] = useState('')
  const [mistake, setMistake] = useState<string>()
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    const typed = code.trim()
    setMistake(typed === '' ? deviceStrings.codeMissing : undefined)
    if (typed !== '') submit(typed)
  }
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col items-start gap-3">
      <h3 className="text-[15px] font-medium">{deviceStrings.link}</h3>
      <Field
        label={deviceStrings.code}
        hint={deviceStrings.linkText}
        problem={mistake ?? link.problem}
        value={code}
        onChange={(event) => setCode(event.target.value)}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        readOnly={link.busy}
        className="w-full"
      />
      <div className="flex gap-2">
        <Button type="submit" busy={link.busy}>
          {deviceStrings.linkAction}
        </Button>
        {link.busy && <Button onClick={stop}>{uiStrings.cancel}</Button>}
      </div>
      <p role="status" className="text-sm text-pretty text-muted">
        {link.busy ? deviceStrings.linking : link.linked > 0 ? deviceStrings.linked : ''}
      </p>
    </form>
  )
}
