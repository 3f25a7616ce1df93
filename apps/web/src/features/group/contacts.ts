import type { ClientSnapshot } from '@sotto/client'
import type { Person } from '../../ui/people-picker.tsx'

/** Everybody who can be invited into a group: those with whom one talks, in however many conversations. By name. */
export function contactsIn({ conversations }: ClientSnapshot): readonly Person[] {
  const people = conversations.flatMap(({ kind, phase, peer, title }) =>
    kind === 'pair' && phase === 'active' && peer !== undefined
      ? [[peer, { account: peer, name: title }] as const]
      : [],
  )
  return [...new Map(people).values()].toSorted((a, b) => a.name.localeCompare(b.name))
}
