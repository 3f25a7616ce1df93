import { isolated } from '../../client/isolated.ts'

/** The list of conversations and requests, its menus, and what stands there while it is empty. */
export const listStrings = {
  title: 'Chats',
  menu: 'Menu',
  add: 'New conversation',
  you: (text: string): string => `You: ${text}`,
  nothingYet: 'No messages yet',
  unread: (count: number): string => `${count} unread`,
  emptyTitle: 'Nobody here yet',
  emptyText: 'You talk with people by invitation only. Nobody can find you or write to you without one.',
  requests: 'Requests',
  request: (name: string): string => `Request from ${isolated(name)}`,
  group: 'Group',
  said: (name: string, text: string): string => `${isolated(name)}: ${text}`,
  invites: (title: string): string => `Invites you into “${isolated(title)}”`,
  awaited: 'Groups you are not in yet',
  awaitedRow: (title: string): string => `Group “${isolated(title)}”`,
  awaiting: (name: string): string => `Waiting to be let in by ${isolated(name)}`,
  takenBackBy: (name: string): string => `Taken back by ${isolated(name)}`,
} as const
