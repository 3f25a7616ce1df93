import { isolated } from '../../client/isolated.ts'

/** How the device is connected, to whom, and what waits. */
export const connectionStrings = {
  title: 'Connection',
  connecting: 'Connecting…',
  connected: 'Connected',
  offline: 'Offline · messages are sent later',
  direct: (count: number): string => `${count} direct`,
  relayed: (count: number): string => `${count} via relay`,
  noRelay: 'no relay',
  relays: 'Relays',
  relaysText:
    'A relay keeps sealed messages for people who are away. It cannot read them, and does not know your name.',
  noRelays: 'No relay is in use. Messages go only to people who are connected directly.',
  reachable: 'Reachable',
  unreachable: (problem: string): string => `Not reachable: ${problem}`,
  people: 'People',
  noPeople: 'Nobody yet.',
  waiting: 'Waiting to leave',
  nothingWaiting: 'Nothing waits. Everything that you wrote has left this device.',
  waitingRow: (count: number, what: string): string =>
    `${count === 1 ? '1 message' : `${count} messages`} for ${isolated(what)}`,
  words: { direct: 'Direct', relayed: 'Via relay', partly: 'Directly to some', none: 'Offline' },
} as const
