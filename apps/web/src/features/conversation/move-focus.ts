import type { KeyboardEvent } from 'react'

const STEPS: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1 }

/** With the focus on a message's button, the arrow keys lead to that of the message above or below. */
export function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key]
  const { activeElement } = document
  if (step === undefined || !activeElement?.matches('[data-copy]')) return
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-copy]')]
  const next = buttons[buttons.findIndex((one) => one === activeElement) + step]
  if (!next) return
  event.preventDefault()
  next.focus()
}
