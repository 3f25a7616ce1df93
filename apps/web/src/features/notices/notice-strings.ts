/** Notices; the sentences of most come from the client. */
export const noticeStrings = {
  label: 'Notice',
  region: 'Notices ({hotkey})',
  dismiss: 'Dismiss',
  request: (name: string): string => `${name} wants to talk with you`,
  invitation: (name: string, title: string): string => `${name} invites you into “${title}”`,
  view: 'View',
} as const
