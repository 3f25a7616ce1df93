import type { ReactNode } from 'react'
import { classes } from './classes.ts'

const COLOURS = [
  'bg-rose-700',
  'bg-amber-800',
  'bg-indigo-700',
  'bg-teal-800',
  'bg-slate-700',
  'bg-fuchsia-800',
  'bg-sky-800',
  'bg-emerald-800',
] as const

const DOTS = { direct: 'bg-emerald-500', relayed: 'bg-amber-500', partly: 'bg-amber-500', none: 'bg-idle' } as const

export interface AvatarProps {
  readonly name: string
  /** What the colour is taken from, so that it stays when the name changes. */
  readonly seed: string
  readonly connection?: keyof typeof DOTS | undefined
}

/** A person by initials. Decoration only: the name and the connection stand beside it in words. */
export function Avatar({ name, seed, connection }: AvatarProps): ReactNode {
  return (
    <span
      aria-hidden="true"
      className={classes(
        'relative grid size-11 shrink-0 place-items-center rounded-full text-sm font-semibold text-white select-none',
        COLOURS[colourOf(seed)],
      )}
    >
      {initialsOf(name)}
      {connection && (
        <span
          className={classes(
            'absolute -right-0.5 -bottom-0.5 size-3 rounded-full ring-2 ring-ground',
            DOTS[connection],
          )}
        />
      )}
    </span>
  )
}

const CHARACTERS = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

function firstOf(word: string): string {
  const [first] = CHARACTERS.segment(word)
  return first?.segment ?? ''
}

/** The first letters of the first and the last word, by user-perceived characters. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/u)
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words
  return picked
    .map((word) => firstOf(word ?? ''))
    .join('')
    .toUpperCase()
}

function colourOf(seed: string): number {
  let sum = 0
  for (const character of seed) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521
  return sum % COLOURS.length
}
