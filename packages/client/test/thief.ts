import { join, open, processCommit, type EpochState, type GroupEngine } from '@sotto/group'
import { opensByForce } from '@sotto/group/testing/thief'
import type { Change, EpochId, Rows, Store } from '@sotto/interface'
import type { MemoryDisk } from '@sotto/store/memory'
import { decodeControlAttachment, decodeInner, decodeWelcomeBundle } from '@sotto/wire'
import { equals } from 'uint8arrays'
import { Epochs } from '../src/conversation/epochs.ts'
import type { Person } from './world.ts'

/** Everything of a conversation that ever leaves its members' devices, as MLS has it: for whoever reads at all relays and opens all envelopes. */
export class Wiretap {
  readonly messages: { readonly mls: Uint8Array; readonly at: number; readonly by: string }[] = []
  readonly commits: Uint8Array[] = []
  readonly welcomes: Uint8Array[] = []
  readonly #now: () => number
  readonly #heard = new Set<string>()

  constructor(now: () => number) {
    this.#now = now
  }

  /** The disk of somebody who is listened to from now on. */
  on(disk: MemoryDisk, by: string): MemoryDisk {
    const listen = (changes: readonly Change[]): void => changes.forEach((change) => this.#hear(change, by))
    return {
      ...disk,
      open(): Store {
        const store = disk.open()
        const commit: Store['commit'] = (changes) => {
          listen(changes)
          return store.commit(changes)
        }
        return { ...store, commit }
      },
    }
  }

  #hear(change: Change, by: string): void {
    if (!('put' in change)) return
    if (change.put === 'outbox') this.#hearOutbox(change.row, by)
    if (change.put === 'control') this.#add(this.commits, commitIn(change.row))
    if (change.put === 'welcomes') {
      const bundle = decodeWelcomeBundle(change.row.bundle)
      this.#add(this.welcomes, bundle.ok ? bundle.value.welcome : undefined)
    }
  }

  #hearOutbox({ kind, innerId, inner }: Rows['outbox'], by: string): void {
    if (kind !== 'application' || this.#heard.has(innerId)) return
    this.#heard.add(innerId)
    const decoded = decodeInner(inner)
    if (!decoded.ok || decoded.value.item.case !== 'application') return
    this.messages.push({ mls: decoded.value.item.value.mls.slice(), at: this.#now(), by })
  }

  #add(list: Uint8Array[], bytes: Uint8Array | undefined): void {
    if (bytes === undefined || bytes.length === 0 || list.some((known) => equals(known, bytes))) return
    list.push(bytes.slice())
  }
}

function commitIn({ attachment }: Rows['control']): Uint8Array | undefined {
  const decoded = decodeControlAttachment(attachment)
  return decoded.ok ? decoded.value.mls : undefined
}

/** Somebody who took everything that a device had stored at one moment, in the clear, and hears everything before and after. */
export interface Loot {
  readonly at: number
  readonly disk: MemoryDisk
}

/** The epochs that loot opens: those in it, those that its key packages open, and those to which any commit leads from there. */
export async function epochsOf(person: Person, conversation: string, loot: Loot, tap: Wiretap): Promise<EpochState[]> {
  const { engine, verify, profile } = person.client.context
  const store = loot.disk.copy().open()
  const states = new Map<EpochId, EpochState>()
  const add = (state: EpochState): void => void states.set(state.epochId, states.get(state.epochId) ?? state)
  for (const row of await store.list('epochs')) {
    const state = await new Epochs(store, row.conversation).get(row.epochId)
    if (state !== undefined && row.conversation === conversation) add(state)
  }
  const { deviceSeed, chain: credential } = profile()
  for (const { publicBytes, privateBytes } of await store.list('keyPackages')) {
    const keyPackage = { public: publicBytes, private: privateBytes }
    for (const welcome of tap.welcomes) {
      const joined = await join(engine, { welcome, keyPackage, self: { deviceSeed, credential }, verify })
      if (joined.ok && joined.value.conversation === conversation) add(joined.value)
    }
  }
  for (let before = -1; before < states.size;) {
    before = states.size
    for (const state of states.values()) {
      for (const commit of tap.commits) {
        const next = await processCommit(engine, state, commit, { verify })
        if (next.ok) add(next.value.child)
      }
    }
  }
  await store.close()
  return [...states.values()]
}

/** Whether any of these states opens a message: by the engine, and by force where that is tried, which takes long. */
export async function isOpenTo(
  engine: GroupEngine,
  states: readonly EpochState[],
  mls: Uint8Array,
  { force }: { force: boolean },
): Promise<boolean> {
  for (const state of states) if ((await open(engine, state, mls)).ok) return true
  if (force) for (const state of states) if (await opensByForce(engine, state, mls)) return true
  return false
}
