import { useId } from 'react'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'

export interface SwitchProps {
  readonly label: string
  readonly hint: string
  readonly on: boolean
  readonly busy: boolean
  change(on: boolean): void
}

/** Something that is on or off, and takes effect at once. */
export function Switch({ label, hint, on, busy, change }: SwitchProps): ReactNode {
  const id = useId()
  return (
    <div className="flex items-start gap-4">
      <div className="min-w-0 flex-1">
        <label id={`${id}-label`} htmlFor={id} className="text-[15px] font-medium">
          {label}
        </label>
        <p id={`${id}-hint`} className="text-sm text-pretty text-muted">
          {hint}
        </p>
      </div>
      <button
        id={id}
        type="button"
        role="switch"
        aria-checked={on}
        aria-labelledby={`${id}-label`}
        aria-describedby={`${id}-hint`}
        disabled={busy}
        onClick={() => change(!on)}
        className={classes(
          'flex h-7 w-12 shrink-0 items-center rounded-full border p-0.5 transition-colors duration-100 disabled:opacity-70',
          on ? 'justify-end border-accent bg-accent' : 'border-edge bg-fill',
        )}
      >
        <span className={classes('size-5.5 rounded-full', on ? 'bg-white' : 'bg-edge')} />
      </button>
    </div>
  )
}
