import type { Messenger } from '../client.ts'
import type { Answer, Ask, IntentName } from './intents.ts'
import { contactIntents } from './contacts.ts'
import { deviceIntents } from './devices.ts'
import { draftIntents } from './drafts.ts'
import { groupIntents } from './groups.ts'
import { invitationIntents } from './invitations.ts'
import { messageIntents } from './messages.ts'
import { settingsIntents } from './settings.ts'
import { sync } from './sync.ts'

/** One function for each intent. */
export type IntentTable = { readonly [N in IntentName]: (ask: Ask<N>) => Promise<Answer<N>> }

export function intents(messenger: Messenger): IntentTable {
  return {
    ...invitationIntents(messenger),
    ...messageIntents(messenger),
    ...contactIntents(messenger),
    ...draftIntents(messenger),
    ...settingsIntents(messenger),
    ...groupIntents(messenger),
    ...deviceIntents(messenger),
    sync: (ask) => sync(messenger, ask),
  }
}
