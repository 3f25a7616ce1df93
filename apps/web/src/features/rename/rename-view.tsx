import { useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { nameProblem } from '../../client/name-rule.ts'
import { strings } from '../../strings.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'

export interface RenameProps {
  readonly snapshot: { readonly name: string; readonly busy: boolean; readonly problem: string | undefined }
  readonly actions: { save(name: string): void; close(): void }
}

export function RenameView({ snapshot, actions }: RenameProps): ReactNode {
  const [name, setName] = useState(snapshot.name)
  const [problem, setProblem] = useState<string>()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = nameProblem(name)
    setProblem(found)
    if (!found) actions.save(name.trim())
  }
  return (
    <Dialog title={strings.list.rename} onClose={actions.close}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field
          label={strings.welcome.name}
          hint={strings.welcome.nameHint}
          problem={problem ?? snapshot.problem}
          value={name}
          onChange={(event) => setName(event.target.value)}
          autoComplete="nickname"
        />
        <Button type="submit" look="primary" busy={snapshot.busy}>
          {strings.list.renameSave}
        </Button>
      </form>
    </Dialog>
  )
}
