import type { ConversationId, ReadonlyStore } from '@sotto/interface'
import type { Fact } from './fact.ts'
import type { Answer, Ask, IntentName } from './intents/intents.ts'
import type { ClientSnapshot } from './snapshots/client-snapshots.ts'
import type { ConversationSnapshot } from './snapshots/conversation-snapshots.ts'

/** The headless messenger: intents in, snapshots and facts out. `do` rejects with a `SottoError` whose message is a sentence for a person. */
export interface Client {
  readonly snapshot: ReadonlyStore<ClientSnapshot>
  /** The open conversation's rows; ends when the last subscriber leaves. */
  conversation(id: ConversationId): ReadonlyStore<ConversationSnapshot>
  subscribe(listener: (fact: Fact) => void): () => void
  do<N extends IntentName>(name: N, ask: Ask<N>): Promise<Answer<N>>
  /** Goes online. Intents work before, and queue. */
  start(): Promise<void>
  /** Drains the lanes, writes what is due, goes offline and closes the store. */
  stop(): Promise<void>
}
