import type { ClientSnapshot, ConversationSnapshot, Fact, IntentName } from '@sotto/client'
import type { ConversationId } from '@sotto/interface'

/** An intent on its way: `id` is this one asking of it, chosen at random by the tab that asks. */
export interface Asked {
  readonly id: string
  readonly name: IntentName
  readonly ask: object
}

/** What became of it. `later`: the leader is on its way out and has not touched it; the next one may. */
export type Outcome =
  | { readonly kind: 'done'; readonly answer: unknown }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  | { readonly kind: 'later' }

/** What tabs that follow say. `term` is the leader they mean: another one is not touched by it. */
export type FollowerMessage =
  | { readonly kind: 'hello'; readonly tab: string }
  | { readonly kind: 'watch' | 'unwatch'; readonly tab: string; readonly term: string; readonly id: ConversationId }
  | { readonly kind: 'ask'; readonly tab: string; readonly term: string; readonly asked: Asked }

/** What the tab that leads says; `term` is random and new with each lead. */
export type LeaderMessage =
  | { readonly kind: 'client'; readonly term: string; readonly snapshot: ClientSnapshot }
  | {
      readonly kind: 'room'
      readonly term: string
      readonly id: ConversationId
      readonly snapshot: ConversationSnapshot
    }
  | { readonly kind: 'fact'; readonly term: string; readonly fact: Fact }
  /** It is being asked for a passphrase, links this browser, or could not open what is stored. */
  | { readonly kind: 'nothing'; readonly term: string }
  | { readonly kind: 'taken'; readonly term: string; readonly id: string }
  | { readonly kind: 'outcome'; readonly term: string; readonly id: string; readonly outcome: Outcome }

export type TabMessage = FollowerMessage | LeaderMessage

const VERSION = 1

/** What each kind must carry: a text or an object by that name. What is in the objects, the same build has put there. */
const SHAPES: { readonly [K in TabMessage['kind']]: Readonly<Record<string, 'string' | 'object'>> } = {
  hello: { tab: 'string' },
  watch: { tab: 'string', term: 'string', id: 'string' },
  unwatch: { tab: 'string', term: 'string', id: 'string' },
  ask: { tab: 'string', term: 'string', asked: 'object' },
  client: { term: 'string', snapshot: 'object' },
  room: { term: 'string', id: 'string', snapshot: 'object' },
  fact: { term: 'string', fact: 'object' },
  nothing: { term: 'string' },
  taken: { term: 'string', id: 'string' },
  outcome: { term: 'string', id: 'string', outcome: 'object' },
}

/** The message as it is posted. Only a page of the same build understands it: snapshots change from build to build. */
export function posted(message: TabMessage, build: string): object {
  return { ...message, version: VERSION, build }
}

/** What another tab said, or undefined for everything that is no message of this version and build. */
export function heard(data: unknown, build: string): TabMessage | undefined {
  if (!isObject(data) || data['version'] !== VERSION || data['build'] !== build) return undefined
  const { kind } = data
  if (typeof kind !== 'string' || !Object.hasOwn(SHAPES, kind)) return undefined
  const shape = Object.entries(SHAPES[kind as TabMessage['kind']])
  const fits = shape.every(([name, type]) => (type === 'object' ? isObject(data[name]) : typeof data[name] === type))
  return fits ? (data as unknown as TabMessage) : undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
