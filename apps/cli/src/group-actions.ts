import type { Client } from '@sotto/client'
import type { Action, Fields } from './actions.ts'

/** What can be done with groups. All of it works offline and is sent later. */
export const GROUP_ACTIONS: Readonly<Record<string, Action>> = {
  'group create': {
    online: false,
    fields: ['title', 'member*'],
    run: async (client, { title, member }) => ({
      value: await client.do('groupCreate', { title: text(title), members: Array.isArray(member) ? member : [] }),
    }),
  },
  'group add': action(['conversation', 'account'], (client, { conversation, account }) =>
    client.do('groupAdd', { conversation, account }),
  ),
  'group remove': action(['conversation', 'account'], (client, { conversation, account }) =>
    client.do('groupRemove', { conversation, account }),
  ),
  'group role': action(['conversation', 'account', 'role'], (client, { conversation, account, role }) =>
    client.do('groupRole', { conversation, account, role: role === 'admin' ? 'admin' : 'member' }),
  ),
  'group leave': action(['conversation'], (client, { conversation }) => client.do('groupLeave', { conversation })),
  'group rename': action(['conversation', 'title'], (client, { conversation, title }) =>
    client.do('groupRename', { conversation, title }),
  ),
}

type Words = Readonly<Record<'conversation' | 'account' | 'role' | 'title', string>>

/** An action whose answer is an empty object. */
function action(fields: readonly string[], run: (client: Client, ask: Words) => Promise<object>): Action {
  return {
    online: false,
    fields,
    run: async (client, given: Fields) => {
      const words = {
        conversation: text(given['conversation']),
        account: text(given['account']),
        role: text(given['role']),
        title: text(given['title']),
      }
      return { value: await run(client, words) }
    },
  }
}

function text(value: Fields[string]): string {
  return typeof value === 'string' ? value : ''
}
