import type { ClientSnapshot } from '@sotto/client'
import type { Person } from '../../ui/people-picker.tsx'

/** Everybody who can be invited into a group: those with whom one talks. By name. */
export function contactsIn({ conversations }: ClientSnapshot): readonly Person[] {
  return conversations
    .flatMap(({ kind, phase, peer, title }) =>
      kind === 'pair' && phase === 'active' && peer !== undefined ? [{ account: peer, name: title }] : [],
    )
    .toSorted((a, b) => a.name.localeCompare(b.name))
}
