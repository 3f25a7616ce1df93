import { isolated } from '../../client/isolated.ts'

/** Making a group, and who is in it. */
export const groupStrings = {
  action: 'New group',
  newLead: 'Everybody whom you pick is asked, and is in the group once they have said yes.',
  title: 'Name of the group',
  titleMissing: 'Give the group a name first.',
  whom: 'Whom to invite',
  nobody: 'You can invite people later, once you talk with somebody.',
  create: 'Create the group',
  details: 'Group details',
  members: (count: number): string => (count === 1 ? '1 person' : `${count} people`),
  invited: 'Invited',
  invitedText: 'They have not answered yet.',
  addHeading: 'Add people',
  addText: 'They are asked, and come in once they have said yes.',
  add: 'Invite into the group',
  rename: 'Rename',
  self: (name: string): string => `${isolated(name)} (you)`,
  roles: { owner: 'Owner', admin: 'Admin', member: 'Member' },
  states: { joining: 'coming in', leaving: 'on the way out', away: 'away for long' },
  appoint: (name: string): string => `Make ${isolated(name)} an admin`,
  demote: (name: string): string => `Make ${isolated(name)} a member again`,
  remove: (name: string): string => `Remove ${isolated(name)}`,
  removeTitle: (name: string): string => `Remove ${isolated(name)} from the group?`,
  removeText: (name: string): string =>
    `${isolated(name)} keeps what they have received, and gets nothing that is written from now on. Everybody sees who removed them.`,
  removeAction: 'Remove',
  leave: 'Leave the group',
  leaveTitle: (title: string): string => `Leave “${isolated(title)}”?`,
  leaveText: 'What you have received stays here. To come back, you need to be invited again.',
  leaveLastText:
    'Nobody else manages this group: once you have left, nobody can invite, remove or rename any more. To change that, make somebody an admin first.',
  leaveAction: 'Leave',
  takeBack: (name: string): string => `Take back the invitation of ${isolated(name)}`,
  takeBackAction: 'Take back',
} as const
