import { isolated } from '../../client/isolated.ts'

/** Answering an invitation. */
export const joinStrings = {
  action: 'I have an invite',
  title: 'Answer an invitation',
  lead: 'Paste the link that you were given.',
  linkMissing: 'Paste an invitation link first.',
  check: 'Continue',
  checking: 'Looking at the invitation…',
  invited: (name: string): string => `${isolated(name)} invites you`,
  until: (when: string): string => `The invitation is open until ${when}.`,
  explain: (name: string): string =>
    `${isolated(name)} sees your name and your hello, and then decides whether to answer.`,
  hello: 'Your hello',
  helloDefault: 'Hello!',
  send: 'Say hello',
  sending: 'Leaving your hello…',
  refused: 'This invitation does not work',
  own: 'This is your own invitation. Send its link to the person whom you want to talk with.',
  other: 'Use another link',
  notNow: 'Not now',
} as const
