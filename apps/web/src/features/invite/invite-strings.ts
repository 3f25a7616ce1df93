/** Making an invitation. */
export const inviteStrings = {
  title: 'Invite someone',
  lead: 'Show this code, or send the link in any way you like. Whoever opens it can say hello; you decide whether to answer.',
  making: 'Making an invitation…',
  link: 'Invitation link',
  copy: 'Copy link',
  copied: 'Link copied',
  copyFailed: 'The browser did not let Sotto copy. The link is selected now: copy it with your keyboard.',
  qr: 'QR code of the invitation link',
  terms: (left: number, until: string): string =>
    `${left === 1 ? 'Works once' : `Works for ${left} more people`}, until ${until}.`,
  offline: 'It also works while you are offline: the hello waits for you at the relay.',
  revoke: 'Take it back',
  another: 'Make a new one',
  states: {
    used: 'This invitation is used up: nobody else can say hello with it. Make a new one for the next person.',
    expired: 'This invitation has expired. Make a new one.',
    revoked: 'You took this invitation back. Its link does nothing any more.',
  },
  others: 'Other open invitations',
  othersText: 'Whoever has one of these links can say hello with it. Take back what you do not need.',
  ending: (mark: string): string => `Link ending in ${mark}`,
  revokeOther: (mark: string): string => `Take back the invitation whose link ends in ${mark}`,
  revokedOther: (mark: string): string =>
    `You took back the invitation whose link ends in ${mark}. That link does nothing any more.`,
  see: 'See it',
} as const
