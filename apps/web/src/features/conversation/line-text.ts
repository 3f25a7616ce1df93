import type { LineSnapshot } from '@sotto/client'
import type { AccountId } from '@sotto/interface'
import { lineStrings } from './line-strings.ts'

export interface LineNames {
  isSelf(account: AccountId): boolean
  nameOf(account: AccountId): string
}

/** What somebody did to the group, as a sentence. */
export function lineText({ line, by, account, title = '' }: LineSnapshot, { isSelf, nameOf }: LineNames): string {
  const subject = isSelf(by) ? lineStrings.You : capitalized(nameOf(by))
  const whom = account ?? by
  const object = isSelf(whom) ? lineStrings.you : nameOf(whom)
  const words = lineStrings.lines
  return line === 'created' || line === 'renamed' ? words[line](subject, title) : words[line](subject, object)
}

function capitalized(name: string): string {
  return name === lineStrings.somebody ? name.charAt(0).toUpperCase() + name.slice(1) : name
}
