/** Who did what, as a sentence in the conversation. */
export const lineStrings = {
  You: 'You',
  you: 'you',
  somebody: 'a former member',
  lines: {
    created: (who: string, title: string): string => `${who} created the group “${title}”`,
    renamed: (who: string, title: string): string => `${who} named the group “${title}”`,
    added: (who: string, whom: string): string => `${who} added ${whom}`,
    removed: (who: string, whom: string): string => `${who} removed ${whom}`,
    left: (who: string): string => `${who} left`,
    appointed: (who: string, whom: string): string => `${who} made ${whom} an admin`,
    demoted: (who: string, whom: string): string => `${who} made ${whom} a member again`,
    'device-linked': (who: string): string => `${who} linked a new device`,
    'device-revoked': (who: string): string => `${who} revoked a device`,
    'device-set-aside': (who: string, whom: string): string => `${who} set a device of ${whom} aside: 30 days silent`,
    'account-restored': (who: string): string => `${who} restored the account on a new device; older ones are out`,
    'went-on': (_: string, whom: string): string => `${whom} goes on in a new conversation, on a new device`,
    'device-back': (who: string): string => `${who} came back with a device that could not follow any more`,
  },
} as const
