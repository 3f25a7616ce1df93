import { isolated } from '../../client/isolated.ts'

/** Notices; the sentences of most come from the client. */
export const noticeStrings = {
  label: 'Notice',
  region: 'Notices ({hotkey})',
  dismiss: 'Dismiss',
  request: (name: string): string => `${isolated(name)} wants to talk with you`,
  invitation: (name: string, title: string): string => `${isolated(name)} invites you into “${isolated(title)}”`,
  view: 'View',
} as const
