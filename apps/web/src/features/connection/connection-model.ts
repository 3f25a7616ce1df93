import type { ClientSnapshot, ConnectionKind, ConversationSummary, RelaySnapshot } from '@sotto/client'
import { connectionStrings } from './connection-strings.ts'

export interface ChipSnapshot {
  readonly kind: 'connected' | 'connecting' | 'offline'
  readonly text: string
}

/** The one line about the network that is always in sight. */
export function chipSnapshot(client: ClientSnapshot): ChipSnapshot {
  if (client.self.retired) return { kind: 'offline', text: connectionStrings.words.none }
  const people = peopleOf(client)
  const count = (kind: ConnectionKind) => people.filter((one) => one.connection === kind).length
  const direct = count('direct')
  const hasRelay = client.relays.some((relay) => relay.reachable)
  if (direct === 0 && !hasRelay) {
    const tries = client.relays.some((relay) => relay.problem === undefined)
    return tries
      ? { kind: 'connecting', text: connectionStrings.connecting }
      : { kind: 'offline', text: connectionStrings.offline }
  }
  const relayed = count('relayed')
  const parts = [
    direct > 0 && connectionStrings.direct(direct),
    relayed > 0 && connectionStrings.relayed(relayed),
    // What is written to people who are away waits, and nobody can be invited.
    !hasRelay && connectionStrings.noRelay,
  ]
  const details = parts.filter(Boolean).join(', ')
  return {
    kind: 'connected',
    text: details ? `${connectionStrings.connected} · ${details}` : connectionStrings.connected,
  }
}

export interface DetailsSnapshot {
  readonly relays: readonly {
    readonly id: string
    readonly address: string
    readonly state: string
    readonly ok: boolean
  }[]
  readonly people: readonly {
    readonly id: string
    readonly seed: string
    readonly name: string
    readonly kind: ConnectionKind
  }[]
  readonly waiting: readonly { readonly key: string; readonly text: string; readonly because: string }[]
}

export function detailsSnapshot(client: ClientSnapshot): DetailsSnapshot {
  const nameOf = (who: string) =>
    client.conversations.find((one) => one.peer === who || one.conversation === who)?.title ?? shortAddress(who)
  return {
    relays: client.relays.map((relay) => ({
      id: relay.relay,
      address: shortAddress(relay.address),
      ok: relay.reachable,
      state: client.self.retired ? connectionStrings.words.none : relayState(relay),
    })),
    people: peopleOf(client)
      .filter((one) => one.phase === 'active')
      .map((one) => ({
        id: one.conversation,
        seed: one.peer ?? one.conversation,
        name: one.title,
        kind: one.connection,
      })),
    waiting: client.waiting
      .filter((row) => row.waiting > 0)
      .map((row) => ({
        key: row.for,
        text: connectionStrings.waitingRow(row.waiting, nameOf(row.for)),
        because: row.because,
      })),
  }
}

const BEST: readonly ConnectionKind[] = ['none', 'relayed', 'direct']

/** How groups are reached follows from the people in them. Somebody with whom one has two conversations is one person. */
function peopleOf({ conversations }: ClientSnapshot): readonly ConversationSummary[] {
  const pairs = conversations.filter(({ kind, phase }) => kind === 'pair' && phase !== 'ended')
  const people = new Map<string, ConversationSummary>()
  for (const one of pairs.toSorted((a, b) => rankOf(a) - rankOf(b))) people.set(one.peer ?? one.conversation, one)
  return pairs.filter((one) => people.get(one.peer ?? one.conversation) === one)
}

function rankOf({ phase, connection }: ConversationSummary): number {
  return (phase === 'active' ? BEST.length : 0) + BEST.indexOf(connection)
}

/** Whether a relay answers, and why not, in words. */
export function relayState({ reachable, problem }: RelaySnapshot): string {
  if (reachable) return connectionStrings.reachable
  return problem === undefined ? connectionStrings.connecting : connectionStrings.unreachable(problem)
}

/** Host and port of a multiaddr, which is what a person recognises; anything else as it is. */
export function shortAddress(address: string): string {
  const [, , host, , port] = address.split('/')
  return address.startsWith('/') && host && port ? `${host}:${port}` : address
}
