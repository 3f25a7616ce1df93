/** Somebody who says hello, and invitations into groups. */
export const requestStrings = {
  title: (name: string): string => `${name} says hello`,
  came: (when: string): string => `Came ${when}`,
  explain: (name: string): string => `${name} used your invitation. Nothing goes back to them until you accept.`,
  accept: 'Accept',
  decline: 'Decline',
  block: 'Block',
  blockTitle: (name: string): string => `Block ${name}?`,
  blockText: (name: string): string =>
    `Nothing that ${name} sends will reach you any more. They are not told. This cannot be taken back here.`,
  invitation: (title: string): string => `Invitation into “${title}”`,
  invitationText: (name: string): string =>
    `${name} invites you. If you accept, everybody in the group sees your name, and you see what is written from then on.`,
  accepted: (name: string): string =>
    `You have accepted. The group opens here as soon as ${name}’s device has let you in.`,
  takenBack: (name: string): string => `${name} has taken this invitation back. You are not in the group.`,
  dismiss: 'Remove from the list',
} as const
