import type { Body } from './thing.ts'

type Kind = Body['kind']

const OWN: ReadonlySet<Kind> = new Set<Kind>(['leave', 'grant', 'revoke'])
const CLAIMS: ReadonlySet<Kind> = new Set<Kind>(['attest', 'stale', 'stuck'])
const RANKED: ReadonlySet<Kind> = new Set<Kind>(['remove', 'demote', 'appoint', 'add', 'rename'])

/** What concerns the author's own account alone. It stands whatever became of the author's place and rank. */
export function isPersonal({ kind }: Body): boolean {
  return OWN.has(kind)
}

/** What is said about silence and harm: it needs no authority, and takes none. */
export function isClaim({ kind }: Body): boolean {
  return CLAIMS.has(kind)
}

/** What only an account with a rank may do. */
export function needsRank({ kind }: Body): boolean {
  return RANKED.has(kind)
}
