import type { ReadonlyStore } from '@sotto/interface'
import { writableStore } from './writable-store.ts'

export type Theme = 'system' | 'light' | 'dark'

/** `public/theme.js` reads it before the first frame. */
const KEY = 'sotto-theme'
/** What the browser's own frame is coloured with: the ground of app.css. */
const FRAME = { light: '#ffffff', dark: '#020617' } as const

const chosen = writableStore<Theme>(kept())

/** Light or dark, or as the system has it; the same in all tabs. */
export const theme: ReadonlyStore<Theme> = chosen

export function chooseTheme(next: Theme): void {
  try {
    if (next === 'system') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, next)
  } catch {
    // It then holds for as long as the page is open.
  }
  show(next)
}

/** Shows the choice, and follows what other tabs choose. */
export function followTheme(): void {
  show(chosen.get())
  addEventListener('storage', ({ key }) => key === KEY && show(kept()))
}

function kept(): Theme {
  try {
    const value = localStorage.getItem(KEY)
    return value === 'light' || value === 'dark' ? value : 'system'
  } catch {
    return 'system'
  }
}

function show(next: Theme): void {
  const root = document.documentElement
  if (next === 'system') delete root.dataset['theme']
  else root.dataset['theme'] = next
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')) {
    const own = meta.media.includes('dark') ? 'dark' : 'light'
    meta.content = FRAME[next === 'system' ? own : next]
  }
  chosen.set(next)
}
