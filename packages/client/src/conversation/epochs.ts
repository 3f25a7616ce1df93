import type { EpochState, GroupEngine } from '@sotto/group'
import {
  decodeState,
  decodeStateApart,
  encodeState,
  encodeStateApart,
  generationKeys,
  generationOf,
  isStateApart,
  roster,
} from '@sotto/group'
import type { Change, ConversationId, DeviceId, EpochId, GenerationId, Store } from '@sotto/interface'
import { ClientError } from '../errors.ts'
import type { GenerationContext } from '../mail/mailboxes.ts'
import { nodesOf } from './tree-nodes.ts'

/** The writes that keep an epoch's state. `commit` are the bytes that led to it, `parent` the epoch before. */
export function putEpoch(
  state: EpochState,
  about: { parent: EpochId | ''; commit: Uint8Array; opens: boolean; createdAt: number },
): readonly Change[] {
  const { conversation, epochId } = state
  const { head, nodes } = encodeStateApart(state)
  const row = {
    conversation,
    epochId,
    parent: about.parent,
    state: head,
    commit: about.commit,
    opens: about.opens ? 1 : 0,
    createdAt: about.createdAt,
  }
  return [
    ...nodes.map(({ id, bytes }): Change => ({ put: 'treeNodes', row: { conversation, node: id, bytes } })),
    { put: 'epochs', row },
  ]
}

/** The epoch states of one conversation, addressed by epochId (G1). The newest few stay decoded. */
export class Epochs {
  readonly #store: Store
  readonly #conversation: ConversationId
  readonly #decoded = new Map<EpochId, EpochState>()

  constructor(store: Store, conversation: ConversationId) {
    this.#store = store
    this.#conversation = conversation
  }

  /** The state of that epoch, or undefined when this device does not hold it. */
  async get(epochId: EpochId): Promise<EpochState | undefined> {
    const known = this.#decoded.get(epochId)
    if (known !== undefined) return known
    const row = await this.#store.get('epochs', [this.#conversation, epochId])
    if (row === undefined) return undefined
    const state = isStateApart(row.state)
      ? decodeStateApart(row.state, await nodesOf(this.#store, this.#conversation))
      : decodeState(row.state)
    if (!state.ok)
      throw new ClientError('store-broken', 'A stored conversation is damaged. Restore the store or set up a new one.')
    this.remember(state.value)
    return state.value
  }

  async has(epochId: EpochId): Promise<boolean> {
    return this.#decoded.has(epochId) || (await this.#store.get('epochs', [this.#conversation, epochId])) !== undefined
  }

  /** The write that replaces an epoch's state (its keys moved on). Call {@link remember} after it was committed. */
  async moved(state: EpochState): Promise<Change> {
    const row = await this.#store.get('epochs', [this.#conversation, state.epochId])
    if (row === undefined)
      throw new ClientError('store-broken', 'A conversation lost one of its states. Restore the store.')
    // A state that an earlier version stored with its tree stays so: its nodes are not there.
    const bytes = isStateApart(row.state) ? encodeStateApart(state).head : encodeState(state)
    return { put: 'epochs', row: { ...row, state: bytes } }
  }

  forget(epochId: EpochId): void {
    this.#decoded.delete(epochId)
  }

  remember(state: EpochState): void {
    this.#decoded.delete(state.epochId)
    this.#decoded.set(state.epochId, state)
    for (const old of this.#decoded.keys()) {
      if (this.#decoded.size <= MAX_DECODED) break
      this.#decoded.delete(old)
    }
  }
}

const MAX_DECODED = 4

/** Everything that derives from the generation which `opening` opened. */
export async function generationContext(
  engine: GroupEngine,
  opening: EpochState,
  openedAt: number,
): Promise<GenerationContext> {
  const { id, secret } = await generationOf(engine, opening)
  const devices: DeviceId[] = roster(opening)
    .map((member) => member.device)
    .sort()
  return { id, secret, keys: generationKeys(secret), openedAt, devices }
}

/** The generations with that one first: what is new is sealed for it. */
export function tipFirst(generations: readonly GenerationContext[], id: GenerationId): readonly GenerationContext[] {
  const first = generations.filter((generation) => generation.id === id)
  return [...first, ...generations.filter((generation) => generation.id !== id)]
}

/** The write that keeps a generation. */
export function putGeneration(generation: GenerationContext, opening: EpochState): Change {
  return {
    put: 'generations',
    row: {
      conversation: opening.conversation,
      generation: generation.id,
      secret: generation.secret,
      epochId: opening.epochId,
      openedAt: generation.openedAt,
      closedAt: 0,
      devices: JSON.stringify(generation.devices),
    },
  }
}
