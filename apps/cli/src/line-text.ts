import { called } from './names.ts'
import { printable } from './printable.ts'

type Say = (who: string, whom: string, title: string) => string

/** What somebody did to a conversation, by its word. */
const SENTENCES: Readonly<Record<string, Say>> = {
  created: (who, _, title) => `${who} created the group “${title}”`,
  renamed: (who, _, title) => `${who} named the group “${title}”`,
  added: (who, whom) => `${who} added ${whom}`,
  removed: (who, whom) => `${who} removed ${whom}`,
  left: (who) => `${who} left`,
  appointed: (who, whom) => `${who} made ${whom} an admin`,
  demoted: (who, whom) => `${who} made ${whom} a member again`,
  'device-linked': (who) => `${who} linked a new device`,
  'device-revoked': (who) => `${who} revoked a device`,
  'device-set-aside': (who, whom) => `${who} set a device of ${whom} aside: 30 days silent`,
  'device-back': (who) => `${who} came back with a device that could not follow any more`,
  'account-restored': (who) => `${who} restored the account on a new device; older ones are out`,
  'went-on': (_, whom) => `${whom} goes on in a new conversation, on a new device`,
}

/** What a line between messages says, for a person. */
export function lineText(row: Readonly<Record<string, unknown>>, names?: ReadonlyMap<string, string>): string {
  const word = (field: string): string => (typeof row[field] === 'string' ? row[field] : '')
  const name = (account: string): string => printable(called(account, names))
  const whom = word('account') === '' ? word('by') : word('account')
  const say = SENTENCES[word('line')]
  return say === undefined ? word('line') : say(name(word('by')), name(whom), printable(word('title')))
}
