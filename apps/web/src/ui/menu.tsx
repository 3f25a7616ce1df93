import { DropdownMenu as Radix } from 'radix-ui'
import { useRef } from 'react'
import type { ReactNode } from 'react'

export interface MenuEntry {
  readonly label: string
  readonly icon: ReactNode
  choose(): void
}

export interface MenuProps {
  readonly entries: readonly MenuEntry[]
  /** The button that opens it. */
  readonly children: ReactNode
}

/** A menu under a button, and in its landmark. Not modal: a modal one would add a `<style>` element against the page's policy. */
export function Menu({ entries, children }: MenuProps): ReactNode {
  const chosen = useRef<MenuEntry>(undefined)
  // Only when the focus is back on the button: a dialog that opens now gives it back there.
  const carryOut = () => {
    const entry = chosen.current
    chosen.current = undefined
    if (entry) queueMicrotask(() => entry.choose())
  }
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Content
        align="end"
        sideOffset={4}
        onCloseAutoFocus={carryOut}
        className="appear z-20 min-w-56 rounded-xl border border-line bg-raised p-1 shadow-lg"
      >
        {entries.map((entry) => (
          <Radix.Item
            key={entry.label}
            onSelect={() => (chosen.current = entry)}
            className="flex min-h-10 items-center gap-3 rounded-lg px-3 text-[15px] outline-none data-highlighted:bg-fill"
          >
            <span aria-hidden="true" className="text-muted">
              {entry.icon}
            </span>
            {entry.label}
          </Radix.Item>
        ))}
      </Radix.Content>
    </Radix.Root>
  )
}
