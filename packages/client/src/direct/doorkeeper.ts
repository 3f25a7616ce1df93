import type { DeviceId, DirectSession, Hello } from '@sotto/interface'
import type { Context } from '../context.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { createHello } from './hello.ts'

export interface DoorkeeperInit {
  readonly context: Context
  conversations(): Iterable<Conversation>
}

/** Who may come in: hello for all conversations, and which device a session that passed it belongs to. */
export class Doorkeeper {
  readonly #init: DoorkeeperInit
  readonly #proved = new Map<string, DeviceId>()

  constructor(init: DoorkeeperInit) {
    this.#init = init
  }

  hello(): Hello {
    const { crypto, random, profile } = this.#init.context
    return createHello({
      crypto,
      random,
      self: { device: profile().device, seed: profile().deviceSeed },
      conversations: () =>
        [...this.#init.conversations()]
          // Only contacts learn addresses: who meets in a group alone stays on the relayed path.
          .filter(({ row, kind }) => row.phase === 'active' && kind !== 'group')
          .map(({ id, generations, peerDevices }) => ({
            conversation: id,
            generations,
            devices: new Set(peerDevices),
          })),
      onProved: (conversation, peer, device) => void this.#proved.set(`${conversation} ${peer}`, device),
    })
  }

  conversationOf(session: DirectSession): Conversation | undefined {
    for (const conversation of this.#init.conversations()) if (conversation.id === session.context) return conversation
    return undefined
  }

  /** The conversation and the device of a new session; undefined when it has no business here any more. Asked once per session. */
  admit(session: DirectSession): { conversation: Conversation; device: DeviceId } | undefined {
    const name = `${session.context} ${session.peer}`
    const device = this.#proved.get(name)
    this.#proved.delete(name)
    const conversation = this.conversationOf(session)
    return conversation?.row.phase === 'active' && device !== undefined ? { conversation, device } : undefined
  }
}
