import { isolated } from '../../client/isolated.ts'

/** Somebody who says hello, and invitations into groups. */
export const requestStrings = {
  title: (name: string): string => `${isolated(name)} says hello`,
  came: (when: string): string => `Came ${when}`,
  explain: (name: string): string =>
    `${isolated(name)} used your invitation. Nothing goes back to them until you accept.`,
  sameAccount: (name: string): string => `You know this account: you have talked with it as ${isolated(name)}.`,
  otherAccount: (name: string): string =>
    `You talk with somebody called ${isolated(name)} already, and this is not the same account. Accept only if you know who it is.`,
  accept: 'Accept',
  decline: 'Decline',
  block: 'Block',
  blockTitle: (name: string): string => `Block ${isolated(name)}?`,
  blockText: (name: string): string =>
    `Nothing that ${isolated(name)} sends to you alone will reach you any more. In groups that both of you are in, you go on reading each other. They are not told. This cannot be taken back here.`,
  invitation: (title: string): string => `Invitation into “${isolated(title)}”`,
  invitationText: (name: string): string =>
    `${isolated(name)} invites you. If you accept, everybody in the group sees your name, and you see what is written from then on.`,
  accepted: (name: string): string =>
    `You have accepted. The group opens here as soon as ${isolated(name)}’s device has let you in.`,
  takenBack: (name: string): string => `${isolated(name)} has taken this invitation back. You are not in the group.`,
  dismiss: 'Remove from the list',
} as const
