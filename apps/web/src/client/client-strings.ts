/** What is said of names, of how far a message has come, and of what nobody expected, wherever it is shown. */
export const clientStrings = {
  unexpected: 'Something went wrong here that Sotto did not expect. Load the page again; your messages are kept.',
  name: 'Your name',
  nameHint: 'People whom you invite or who invite you see it, and everybody in your groups.',
  nameMissing: 'Type a name first, so that people know who writes to them.',
  nameTooLong: 'That name is too long. Use at most 64 characters.',
  states: {
    queued: 'Queued on this device',
    sent: 'Sent: stored at a relay',
    delivered: 'Delivered',
    read: 'Read',
  },
  unsent: 'not sent',
  elsewhere: 'Sent from another device of yours, which shows how far it has come',
  unsentWhy: 'Not sent, and nothing will be sent from here any more',
  reached: (have: number, read: number, of: number): string => `delivered to ${have} of ${of}, read by ${read}`,
  hasIt: (delivered: number, of: number): string => `${delivered} of ${of}`,
  readBy: (read: number, of: number): string => `read ${read} of ${of}`,
  onItsWay: 'On its way',
  toNobody: 'Sent: nobody else was in the group then',
} as const
