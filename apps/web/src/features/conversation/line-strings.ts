import { isolated } from '../../client/isolated.ts'

/** Who did what, as a sentence in the conversation. */
export const lineStrings = {
  You: 'You',
  you: 'you',
  somebody: 'a former member',
  lines: {
    created: (who: string, title: string): string => `${isolated(who)} created the group “${isolated(title)}”`,
    renamed: (who: string, title: string): string => `${isolated(who)} named the group “${isolated(title)}”`,
    added: (who: string, whom: string): string => `${isolated(who)} added ${isolated(whom)}`,
    removed: (who: string, whom: string): string => `${isolated(who)} removed ${isolated(whom)}`,
    left: (who: string): string => `${isolated(who)} left`,
    appointed: (who: string, whom: string): string => `${isolated(who)} made ${isolated(whom)} an admin`,
    demoted: (who: string, whom: string): string => `${isolated(who)} made ${isolated(whom)} a member again`,
    'device-linked': (who: string): string => `${isolated(who)} linked a new device`,
    'device-revoked': (who: string): string => `${isolated(who)} revoked a device`,
    'device-set-aside': (who: string, whom: string): string =>
      `${isolated(who)} set a device of ${isolated(whom)} aside: 30 days silent`,
    'account-restored': (who: string): string =>
      `${isolated(who)} restored the account on a new device; older ones are out`,
    'went-on': (_: string, whom: string): string => `${isolated(whom)} goes on in a new conversation, on a new device`,
    'device-back': (who: string): string => `${isolated(who)} came back with a device that could not follow any more`,
  },
} as const
