import { isolated } from '../../client/isolated.ts'

/** The first page, its ways on, and what stands there once one of them was gone. */
export const welcomeStrings = {
  title: 'Welcome to Sotto',
  lead: 'Private messages between people. No account, no phone number, no server that can read along.',
  start: 'Start',
  orLink: 'Is Sotto on another device of yours?',
  orRestore: 'Have you lost every device, and kept the recovery words?',
  restore: 'Restore from the recovery words',
  linkedTitle: 'This device is linked',
  linked: (name: string): string => `It is a device of ${isolated(name)} now.`,
  linkedText:
    'Your conversations appear here one by one: in some, somebody else’s device has to take this one in first. What was written before is not brought along.',
  open: 'Go to my conversations',
} as const
