import type { ConversationSummary, RequestSnapshot } from '@sotto/client'
import { requestStrings } from './request-strings.ts'

/** What one already knows of somebody who says hello: that it is an account one has talked with, or only the name of one. */
export function acquaintance(
  { kind, account, name }: Pick<RequestSnapshot, 'kind' | 'account' | 'name'>,
  conversations: readonly Pick<ConversationSummary, 'kind' | 'peer' | 'title'>[],
): string | undefined {
  if (kind === 'group') return undefined
  const pairs = conversations.filter((one) => one.kind === 'pair' && one.peer !== undefined)
  const same = pairs.find((one) => one.peer === account)
  if (same !== undefined) return requestStrings.sameAccount(same.title)
  return pairs.some(({ title }) => alike(title, name)) ? requestStrings.otherAccount(name) : undefined
}

/** As a person reads them. */
function alike(one: string, other: string): boolean {
  const plain = (name: string): string =>
    name
      .normalize('NFKC')
      .replaceAll(/\p{Cf}+/gu, '')
      .replaceAll(/\s+/g, ' ')
      .trim()
  return plain(one).localeCompare(plain(other), undefined, { sensitivity: 'base' }) === 0
}
