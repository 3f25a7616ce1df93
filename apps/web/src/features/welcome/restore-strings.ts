/** What is said to somebody who has nothing left but the recovery words. */
export const restoreStrings = {
  title: 'Restore your account',
  lead: 'This becomes a new device of the same account. It knows nobody yet: meet somebody again by an invitation, and you are back in what you share with them. Your lost devices are out there from then on. What was written before does not come back.',
  wordsHint: 'All 24, in their order. They are used once and kept nowhere.',
  wordsMissing: 'Type the 24 words first.',
  start: 'Restore',
  back: 'Back',
} as const
