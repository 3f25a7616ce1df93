/** The devices of one’s account in the settings. */
export const deviceStrings = {
  heading: 'Devices',
  text: 'All of them are you: each receives what is written to you from the day on which it was linked. Your name, relays and “Relays only” are the same on all of them.',
  current: (id: string): string => `This device, ${id}`,
  other: (id: string): string => `Device ${id}`,
  since: (when: string): string => `Since ${when}`,
  older: 'A device can be revoked only from one that is older, and the oldest from none.',
  link: 'Link a new device',
  linkText:
    'On the new device, choose “Link to a device you have”, and paste here the code that it shows. It can write in your name from then on: link only a device of your own.',
  code: 'Code of the new device',
  codeMissing: 'Paste the code that the new device shows first.',
  linkAction: 'Link',
  linking:
    'Linking… Leave this page and the new device open. It takes some seconds, and up to two minutes if the new device is slow to answer.',
  linked:
    'The new device is linked. Your conversations appear on it one by one: in some, somebody else’s device has to take it in first.',
  revoke: 'Revoke',
  revokeOf: (name: string): string => `Revoke: ${name}`,
  revokeTitle: (name: string): string => `Revoke “${name}”?`,
  revokeText:
    'It keeps what it has received, and gets nothing that is written from now on; nothing can be sent from it any more. This cannot be taken back: to use it again, it must be set up anew and linked.',
  out: 'Devices that are out',
  outText:
    'Revoked or lost: nothing that is written now reaches them, and what they send counts for nothing. They keep what they had.',
} as const
