/** What controls and times say wherever they stand. */
export const uiStrings = {
  close: 'Close',
  back: 'Back to the conversations',
  cancel: 'Cancel',
  retry: 'Try again',
  working: 'Working it out…',
  today: 'Today',
  yesterday: 'Yesterday',
  verified: 'Verified',
} as const
