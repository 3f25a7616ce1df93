import type { ConversationId, DeviceId } from '@sotto/interface'
import type { Context } from '../context.ts'
import type { Conversation } from '../conversation/conversation.ts'
import type { Relays } from '../mail/relays.ts'
import type { ConnectionKind } from '../snapshots/conversation-snapshots.ts'
import type { Sessions } from './sessions.ts'

export interface KindsInit {
  readonly context: Pick<Context, 'emit' | 'changed'>
  readonly sessions: Sessions
  readonly relays: Relays
  conversations(): Iterable<Conversation>
}

/** How people can be reached now, and who watches is told when it is another way than before. */
export class Kinds {
  readonly #init: KindsInit
  readonly #told = new Map<ConversationId, ConnectionKind>()

  constructor(init: KindsInit) {
    this.#init = init
  }

  of(conversation: Conversation): ConnectionKind {
    const { sessions, relays } = this.#init
    const others = conversation.othersDevices
    const isOn = (device: DeviceId): boolean => sessions.has(device)
    if (conversation.kind === 'pair' ? others.some(isOn) : others.length > 0 && others.every(isOn)) return 'direct'
    if (relays.answerFor(conversation)) return 'relayed'
    return conversation.kind === 'group' && others.some(isOn) ? 'partly' : 'none'
  }

  /** Something has changed that they depend on. */
  note(): void {
    const { context, conversations } = this.#init
    for (const conversation of conversations()) {
      // Of somebody who was restored there may be an ended one beside the new one: it says nothing of how they are reached.
      if (conversation.kind !== 'pair' || conversation.isOver) continue
      const kind = this.of(conversation)
      if (this.#told.get(conversation.id) === kind) continue
      this.#told.set(conversation.id, kind)
      context.emit({ type: 'connection', account: conversation.peer, kind })
    }
    context.changed()
  }
}
