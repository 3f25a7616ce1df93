import { useId } from 'react'
import type { ComponentProps, ReactNode } from 'react'
import { classes } from './classes.ts'

const BOX =
  'w-full rounded-xl border border-edge bg-ground px-3 py-2 text-base text-ink placeholder:text-muted aria-invalid:border-danger'

interface Words {
  readonly label: string
  readonly hint?: string | undefined
  /** A sentence about what is wrong with what was typed. */
  readonly problem?: string | undefined
}

/** One line of text with its label, hint and problem tied to it. */
export function Field({ label, hint, problem, className, ...rest }: Words & ComponentProps<'input'>): ReactNode {
  const ids = useFieldIds(hint, problem)
  return (
    <Frame {...ids} label={label} hint={hint} problem={problem} className={className}>
      <input {...rest} {...ids.wiring} className={BOX} />
    </Frame>
  )
}

/** Several lines of text. */
export function AreaField({ label, hint, problem, className, ...rest }: Words & ComponentProps<'textarea'>): ReactNode {
  const ids = useFieldIds(hint, problem)
  return (
    <Frame {...ids} label={label} hint={hint} problem={problem} className={className}>
      <textarea rows={3} {...rest} {...ids.wiring} className={classes(BOX, 'resize-none')} />
    </Frame>
  )
}

interface FrameProps extends Words {
  readonly id: string
  readonly className: string | undefined
  readonly children: ReactNode
}

function Frame({ id, label, hint, problem, className, children }: FrameProps): ReactNode {
  return (
    <div className={classes('flex flex-col gap-1 text-left', className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children}
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-pretty text-muted">
          {hint}
        </p>
      )}
      {problem && (
        <p id={`${id}-problem`} role="alert" className="text-sm text-danger">
          {problem}
        </p>
      )}
    </div>
  )
}

function useFieldIds(hint: string | undefined, problem: string | undefined) {
  const id = useId()
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ')
  return {
    id,
    wiring: { id, 'aria-invalid': problem !== undefined, 'aria-describedby': described || undefined },
  }
}
