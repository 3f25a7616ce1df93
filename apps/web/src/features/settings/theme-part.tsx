import type { ReactNode } from 'react'
import type { Theme } from '../../client/theme.ts'
import { classes } from '../../ui/classes.ts'
import { Section } from '../../ui/section.tsx'
import { settingsStrings } from './settings-strings.ts'

const THEMES: readonly Theme[] = ['system', 'light', 'dark']

export interface ThemePartProps {
  readonly theme: Theme
  choose(theme: Theme): void
}

export function ThemePart({ theme, choose }: ThemePartProps): ReactNode {
  return (
    <Section heading={settingsStrings.theme}>
      <fieldset className="grid grid-cols-3 gap-1 rounded-xl bg-fill p-1">
        <legend className="sr-only">{settingsStrings.theme}</legend>
        {THEMES.map((one) => (
          <label
            key={one}
            className={classes(
              'flex min-h-10 cursor-pointer items-center justify-center rounded-lg text-[15px] has-focus-visible:outline-2 has-focus-visible:outline-accent-ink',
              one === theme ? 'bg-ground font-medium shadow-sm' : 'text-muted',
            )}
          >
            <input
              type="radio"
              name="theme"
              value={one}
              checked={one === theme}
              onChange={() => choose(one)}
              className="sr-only"
            />
            {settingsStrings.themes[one]}
          </label>
        ))}
      </fieldset>
    </Section>
  )
}
