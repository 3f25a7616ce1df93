import { isolated } from '../../client/isolated.ts'

/** An open conversation: its header, what stands between the messages, the composer. */
export const conversationStrings = {
  block: (name: string): string => `Block ${isolated(name)}`,
  landmark: 'Conversation',
  log: (name: string): string => `Messages with ${isolated(name)}`,
  direct: 'Direct connection',
  waiting: (name: string): string => `Waiting for ${isolated(name)}’s device`,
  offlineWaiting: 'Offline · messages are kept here and go out later',
  newMessages: 'New messages',
  missing: (count: number, name: string): string =>
    count === 1
      ? `A message from ${isolated(name)} is missing. It appears here when it comes.`
      : `${count} messages from ${isolated(name)} are missing. They appear here when they come.`,
  latest: (unread: number): string => `To the newest message${unread > 0 ? `, ${unread} unread` : ''}`,
  requested: (name: string): string =>
    `${isolated(name)} has not accepted yet. Your hello waits at the relay, also while you are away.`,
  helloKept: (name: string): string =>
    `Your hello has not left this device yet: no relay of ${isolated(name)}’s invitation has taken it. It goes out as soon as one does.`,
  ended: 'This conversation has ended. Nothing more is sent or received in it.',
  hello: (name: string): string =>
    `You and ${isolated(name)} are connected. Only your devices can read what is written here.`,
  message: (name: string): string => `Message ${isolated(name)}`,
  placeholder: 'Message',
  send: 'Send',
  tooLong: (over: string): string => `This message is ${over} too long. Send it in parts.`,
  room: (left: string): string => `${left} left`,
  copy: 'Copy the text',
  copied: 'Copied',
  copyRefused: 'The browser did not let Sotto copy. Select the text instead.',
  retired: 'Nothing can be sent from this copy of Sotto any more.',
  revoked: 'This device was revoked: nothing can be sent from it any more.',
  phases: {
    requested: (name: string): string => `Waiting for ${isolated(name)} to accept`,
    ended: 'Ended',
    joining: 'Waiting to be let in',
    out: 'You are not in it any more',
  },
  group: {
    hello: 'Only the devices of those who are in the group can read what is written here.',
    waiting: 'Not everybody has everything yet',
    partly: 'Directly to some, who pass it on',
    ended: 'You are not in this group any more. What you have received stays here.',
    rekeying: (whose: string): string =>
      `Somebody is on the way out. What you write waits until the keys are changed, which ${whose} does.`,
    deviceOf: (name: string): string => `${isolated(name)}’s device`,
    ownDevice: 'your device',
  },
} as const
