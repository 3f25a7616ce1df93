import { useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { clientStrings } from '../../client/client-strings.ts'
import { nameProblem } from '../../client/name-rule.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { AreaField, Field } from '../../ui/field.tsx'
import { Problem } from '../../ui/problem.tsx'
import { moment } from '../../ui/time.ts'
import { inviteStrings } from '../invite/invite-strings.ts'
import { joinStrings } from './join-strings.ts'

export interface JoinSnapshot {
  readonly step: 'paste' | 'checking' | 'refused' | 'hello'
  readonly inviter: { readonly name: string; readonly account: string; readonly expires: number } | undefined
  /** On the first run the name is asked in the same step. */
  readonly asksName: boolean
  readonly sending: boolean
  readonly problem: string | undefined
}

export interface JoinActions {
  check(link: string): void
  hello(name: string, text: string): void
  otherLink(): void
  leave(): void
}

export interface JoinProps {
  readonly snapshot: JoinSnapshot
  readonly actions: JoinActions
}

/** Answers an invitation: the link, who invites, a hello. Stands in a pane, or alone on the first run. */
export function JoinView({ snapshot, actions }: JoinProps): ReactNode {
  switch (snapshot.step) {
    case 'paste':
      return <Paste problem={snapshot.problem} actions={actions} />
    case 'checking':
      return <p role="status">{joinStrings.checking}</p>
    case 'refused':
      return (
        <div className="flex flex-col gap-4">
          <h2 className="text-lg font-semibold">{joinStrings.refused}</h2>
          {snapshot.problem && <Problem text={snapshot.problem} />}
          <div className="flex flex-wrap gap-2">
            <Button look="primary" onClick={actions.otherLink}>
              {joinStrings.other}
            </Button>
            <Button onClick={actions.leave}>{joinStrings.notNow}</Button>
          </div>
        </div>
      )
    case 'hello':
      return <Hello snapshot={snapshot} actions={actions} />
  }
}

function Paste({ problem, actions }: { problem: string | undefined; actions: JoinActions }): ReactNode {
  const [link, setLink] = useState('')
  const [missing, setMissing] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setMissing(link.trim() === '')
    if (link.trim() !== '') actions.check(link)
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <AreaField
        label={inviteStrings.link}
        hint={joinStrings.lead}
        problem={missing ? joinStrings.linkMissing : problem}
        value={link}
        onChange={(event) => setLink(event.target.value)}
        spellCheck={false}
        autoComplete="off"
        autoFocus
      />
      <Button type="submit" look="primary">
        {joinStrings.check}
      </Button>
    </form>
  )
}

function Hello({ snapshot, actions }: JoinProps): ReactNode {
  const [name, setName] = useState('')
  const [text, setText] = useState<string>(joinStrings.helloDefault)
  const [wrongName, setWrongName] = useState<string>()
  const inviter = snapshot.inviter
  if (!inviter) return null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const problem = snapshot.asksName ? nameProblem(name) : undefined
    setWrongName(problem)
    if (!problem) actions.hello(name.trim(), text.trim())
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <div className="flex items-center gap-3 rounded-xl bg-fill p-3">
        <Avatar name={inviter.name} seed={inviter.account} />
        <div className="min-w-0">
          <h2 className="font-semibold break-words">{joinStrings.invited(inviter.name)}</h2>
          <p className="text-sm text-muted">{joinStrings.until(moment(inviter.expires))}</p>
        </div>
      </div>
      {snapshot.asksName && (
        <Field
          label={clientStrings.name}
          problem={wrongName}
          value={name}
          onChange={(event) => setName(event.target.value)}
          autoComplete="nickname"
          autoFocus
        />
      )}
      <AreaField
        label={joinStrings.hello}
        hint={joinStrings.explain(inviter.name)}
        value={text}
        maxLength={2000}
        onChange={(event) => setText(event.target.value)}
        autoFocus={!snapshot.asksName}
      />
      {snapshot.problem && <Problem text={snapshot.problem} />}
      <Button type="submit" look="primary" busy={snapshot.sending}>
        {snapshot.sending ? joinStrings.sending : joinStrings.send}
      </Button>
      <Button onClick={actions.leave}>{joinStrings.notNow}</Button>
    </form>
  )
}
