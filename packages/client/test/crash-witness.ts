import {
  createEngine,
  decodeState,
  decodeStateApart,
  isStateApart,
  EMPTY_REASSEMBLY,
  generationKeys,
  openEnvelope,
  takeFragment,
  type EnvelopePath,
  type EpochState,
  type GenerationKeys,
} from '@sotto/group'
import { seededCrypto } from '@sotto/group/node/seeded'
import { usedKey } from '@sotto/group/testing'
import { knockGeneration } from '@sotto/identity'
import type { Change, RelayId, Store, Transport } from '@sotto/interface'
import { seededRandom, type MemoryRelayStore } from '@sotto/testkit'
import { decodeControlAttachment, decodeControlThing, decodeInner, innerIdOf, toHex, type Control } from '@sotto/wire'

/**
 * Sees what every store of a scene commits and every byte that leaves, over all lives of all processes: enough to open each
 * sealed item again and to read which key of which ratchet it was made with. No key may have been used for two of them.
 */
export class Witness {
  readonly #epochs = new Map<string, EpochState>()
  readonly #nodes = new Map<string, Uint8Array>()
  readonly #generations = new Map<string, GenerationKeys>()
  readonly #direct: Uint8Array[] = []
  readonly #gossip: Uint8Array[] = []

  /** What it has seen so far, for a scene that goes on from there. */
  copy(): Witness {
    const copy = new Witness()
    for (const entry of this.#epochs) copy.#epochs.set(...entry)
    for (const entry of this.#nodes) copy.#nodes.set(...entry)
    for (const entry of this.#generations) copy.#generations.set(...entry)
    copy.#direct.push(...this.#direct)
    copy.#gossip.push(...this.#gossip)
    return copy
  }

  /** That store, with its secrets written down. */
  watch(store: Store): Store {
    return {
      ...store,
      commit: (changes) => {
        for (const change of changes) this.#note(change)
        return store.commit(changes)
      },
    }
  }

  /** An envelope that was given to a direct path. */
  passed(envelope: Uint8Array): void {
    this.#direct.push(envelope.slice())
  }

  /** That network, with all that is published in it written down. */
  listen(transport: Transport): Transport {
    const { topic } = transport
    transport.topic = (about) => {
      const joined = topic.call(transport, about)
      const { publish } = joined
      joined.publish = (envelope) => {
        this.#gossip.push(envelope.slice())
        publish.call(joined, envelope)
      }
      return joined
    }
    return transport
  }

  keysOf(generation: string): GenerationKeys | undefined {
    return this.#generations.get(generation)
  }

  #note(change: Change): void {
    if (!('put' in change)) return
    if (change.put === 'generations') this.#generations.set(change.row.generation, generationKeys(change.row.secret))
    if (change.put === 'invitations') {
      const { id, secret } = knockGeneration(change.row.secret)
      this.#generations.set(toHex(id), generationKeys(secret))
    }
    if (change.put === 'treeNodes') this.#nodes.set(change.row.node, change.row.bytes)
    if (change.put !== 'epochs' || this.#epochs.has(change.row.epochId)) return
    const { state: bytes } = change.row
    const state = isStateApart(bytes) ? decodeStateApart(bytes, (id) => this.#nodes.get(id)) : decodeState(bytes)
    if (state.ok) this.#epochs.set(change.row.epochId, state.value)
  }

  /** How many messages left under a key, each key under which two different ones did, and how many left under a state that nobody has stored. */
  async keys(relay: {
    id: RelayId
    store: MemoryRelayStore
  }): Promise<{ uses: number; reused: string[]; unstored: number }> {
    const engine = await createEngine({ crypto: seededCrypto, random: seededRandom('witness') })
    const hashes = new Map<string, Set<string>>()
    let unstored = 0
    for (const inner of this.#inners(relay)) {
      for (const { epoch, mls } of sealedIn(inner)) {
        const state = this.#epochs.get(epoch)
        if (state === undefined) {
          unstored += 1
          continue
        }
        const key = await usedKey(engine, state, mls)
        if (!key.ok) throw new Error(`something left that cannot be opened again: ${key.reason}`)
        const { epochId, ratchet, leaf, generation } = key.value
        const name = `${epochId.slice(0, 8)} ${ratchet} leaf ${String(leaf)} generation ${String(generation)}`
        hashes.set(name, (hashes.get(name) ?? new Set()).add(innerIdOf(mls)))
      }
    }
    const reused = [...hashes].filter(([, seen]) => seen.size > 1).map(([name]) => name)
    return { uses: hashes.size, reused, unstored }
  }

  *#inners({ id, store }: { id: RelayId; store: MemoryRelayStore }): Generator<Uint8Array> {
    yield* this.#joined(this.#direct, 'direct')
    yield* this.#joined(this.#gossip, 'gossip')
    for (const { entries } of store.mailboxes.values()) {
      const envelopes = entries.map((entry) => entry.body)
      yield* this.#joined(envelopes, `relay:${id}`)
    }
  }

  *#joined(envelopes: readonly Uint8Array[], path: EnvelopePath): Generator<Uint8Array> {
    let reassembly = EMPTY_REASSEMBLY
    let last: GenerationKeys | undefined
    for (const envelope of envelopes) {
      // Neighbours are mostly of one generation.
      for (const keys of last === undefined ? this.#generations.values() : [last, ...this.#generations.values()]) {
        const opened = openEnvelope({ keys, path, envelope })
        if (!opened.ok) continue
        last = keys
        const { next, result } = takeFragment(reassembly, opened.value)
        reassembly = next
        if (result.ok && result.value.type !== 'waiting') yield result.value.inner
        break
      }
    }
  }
}

/** The MLS messages in an inner item, each with the epoch that it was sealed in. */
function* sealedIn(bytes: Uint8Array): Generator<{ epoch: string; mls: Uint8Array }> {
  const inner = decodeInner(bytes)
  if (!inner.ok) throw new Error('something left that is no item')
  const { item } = inner.value
  if (item.case === 'application') yield { epoch: toHex(item.value.epochId), mls: item.value.mls }
  if (item.case === 'commit') yield { epoch: toHex(item.value.parentEpochId), mls: item.value.mls }
  if (item.case === 'control') yield* commitIn(item.value)
  if (item.case === 'knock') for (const part of item.value.items) yield* sealedIn(part)
}

/** In groups a commit travels beside the thing that announces it. */
function* commitIn({ record, attachment }: Control): Generator<{ epoch: string; mls: Uint8Array }> {
  const thing = decodeControlThing(record?.body ?? new Uint8Array())
  if (!thing.ok || thing.value.said.case !== 'commit') return
  const parts = decodeControlAttachment(attachment)
  // Whoever was given the thing alone gives it on alone.
  if (parts.ok && parts.value.mls.length > 0) yield { epoch: toHex(thing.value.epochId), mls: parts.value.mls }
}
