/** The settings, devices aside. */
export const settingsStrings = {
  title: 'Settings',
  name: 'Name',
  save: 'Save',
  saved: 'Saved.',
  theme: 'Appearance',
  themes: { system: 'System', light: 'Light', dark: 'Dark' },
  relaysText:
    'New invitations name these relays. Conversations that you have keep theirs. A relay keeps sealed messages and cannot read them.',
  noRelays:
    'No relay is set, so you can make neither invitations nor groups. Conversations that you have keep the relays that they have.',
  removeRelay: (name: string): string => `Remove the relay ${name}`,
  relayAddress: 'Address of a relay',
  relayHint: 'It begins with / and ends with /p2p/ and the relay’s id. Whoever runs the relay can tell you.',
  relayMissing: 'Paste the address of a relay first.',
  relayThere: 'This relay is in the list already.',
  addRelay: 'Add relay',
  relaysOnly: 'Relays only',
  relaysOnlyHint:
    'Nobody learns your IP address but the relays. Messages take a little longer, and none arrive while no relay can be reached.',
  passphrase: 'Passphrase',
  passphraseText:
    'Locks the messages that are kept in this browser. Without one, whoever can read this browser’s files can read them.',
  locked: 'Locked with a passphrase. It is asked for whenever Sotto is opened.',
  notLocked: 'No passphrase is set.',
  setPassphrase: 'Set a passphrase',
  changePassphrase: 'Change it',
  removePassphrase: 'Take it away',
  oldPassphrase: 'Passphrase now',
  newPassphrase: 'New passphrase',
  again: 'Once more',
  passphraseHint: 'A few words that do not belong together are strong, and easy to keep in mind.',
  passphraseShort: (least: number): string => `That is too short. Use at least ${least} characters.`,
  passphraseDiffers: 'The two are not the same. Type them again.',
  noReset: 'Nobody can reset it. If you forget it, the messages in this browser cannot be read any more.',
  passphraseActions: { set: 'Lock', change: 'Change', remove: 'Take the passphrase away' },
} as const
