import type { ComponentProps, ReactNode } from 'react'
import { classes } from './classes.ts'

const LOOKS = {
  primary: 'bg-accent text-white hover:bg-accent-hover',
  plain: 'border border-line bg-ground text-ink hover:bg-hover',
  danger: 'border border-line bg-ground text-danger hover:bg-danger-soft',
} as const

export interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: keyof typeof LOOKS
  /** Shown as waiting, and not to be pressed again meanwhile. */
  readonly busy?: boolean
}

/** A button with words, at least 40 px high. */
export function Button({ look = 'plain', busy = false, className, disabled, ...rest }: ButtonProps): ReactNode {
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      disabled={disabled === true || busy}
      className={classes(
        'inline-flex min-h-10 items-center justify-center gap-2 rounded-xl px-4 py-2 text-[15px] font-medium transition-colors duration-100',
        'disabled:opacity-70',
        LOOKS[look],
        className,
      )}
    />
  )
}

export interface IconButtonProps extends ComponentProps<'button'> {
  readonly label: string
}

/** A round button that shows only an icon; `label` is its name. */
export function IconButton({ label, className, children, ...rest }: IconButtonProps): ReactNode {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={classes(
        'grid size-10 shrink-0 place-items-center rounded-full text-muted transition-colors duration-100 hover:bg-fill hover:text-ink',
        className,
      )}
    >
      {children}
    </button>
  )
}
