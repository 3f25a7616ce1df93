import { tagOf } from '@sotto/group'
import type { EventId, Rows, Store } from '@sotto/interface'
import type { OwnState } from '../src/snapshots/row-snapshots.ts'
import type { Fact } from '../src/fact.ts'
import { toHex } from '@sotto/wire'
import type { Device, Scene } from './crash-scene.ts'

const ORDER: readonly string[] = ['queued', 'sent', 'delivered', 'read']

/**
 * What devices told their people, over all lives: each tick is compared, at the moment that it is shown, with what the relay and the
 * other devices then hold on their disks.
 */
export class Ledger {
  readonly violations: string[] = []
  readonly #told = new Map<string, string>()
  readonly #news = new Set<string>()
  readonly #checks: Promise<void>[] = []

  onFact(scene: Scene, device: Device, fact: Fact): void {
    if (fact.type === 'message') this.#onNews(`${device.name} is told twice of message`, fact.message.id)
    if (fact.type === 'request') this.#onNews(`${device.name} is told twice of request`, fact.request.id)
    if (fact.type === 'state') this.#onState(scene, device, fact)
  }

  /** After a start: what was told before still holds. */
  async recheck({ name, client }: Device): Promise<void> {
    for (const { conversation } of client.snapshot.get().conversations) {
      const { rows } = await client.do('messages', { conversation, limit: 1_000 })
      for (const row of rows) {
        const told = 'text' in row ? this.#told.get(`${name} ${row.id}`) : undefined
        if ('text' in row && told !== undefined && ORDER.indexOf(row.state) < ORDER.indexOf(told)) {
          this.violations.push(`${name} was told ${told}, and is shown ${row.state}`)
        }
      }
    }
  }

  async settled(): Promise<void> {
    await Promise.all(this.#checks)
  }

  #onNews(what: string, id: string): void {
    if (this.#news.has(`${what} ${id}`)) this.violations.push(what)
    this.#news.add(`${what} ${id}`)
  }

  #onState(scene: Scene, device: Device, { message, state }: Extract<Fact, { type: 'state' }>): void {
    const name = `${device.name} ${message}`
    const before = this.#told.get(name)
    if (before !== undefined && ORDER.indexOf(before) > ORDER.indexOf(state)) {
      this.violations.push(`${device.name} was told ${before}, then ${state}`)
    }
    this.#told.set(name, state)
    // Copies of now: what is found in them later was there when this was said.
    const own = copyOf(device)
    const account = accountOf(device)
    const others = [...scene.devices.values()].filter((other) => accountOf(other) !== account).map(copyOf)
    const tags = new Set([...scene.relay.store.mailboxes.values()].flatMap(({ entries }) => entries.map((e) => e.tag)))
    const isRead = [...scene.devices.values()].some((other) => accountOf(other) !== account && hasLooked(scene, other))
    const check = async (): Promise<void> => {
      const isDelivered = (await Promise.all(others.map((store) => holds(store, message)))).includes(true)
      const isTrue: Record<OwnState, () => Promise<boolean>> = {
        queued: async () => true,
        sent: async () => isDelivered || (await isStored(scene, own, message, tags)),
        delivered: async () => isDelivered,
        read: async () => isDelivered && isRead,
      }
      if (!(await isTrue[state]())) this.violations.push(`${device.name} was told ${state}, and it was not so`)
    }
    this.#checks.push(check())
  }
}

/** Its person looks at messages from now on: only then may their authors be told so. */
export function looks({ notes }: Scene, { name }: Device): void {
  notes.set(`${name} looks`, 'yes')
}

function hasLooked({ notes }: Scene, { name }: Device): boolean {
  return notes.has(`${name} looks`)
}

function accountOf({ client }: Device): string {
  return client.snapshot.get().self.account
}

function copyOf(device: Device): Store {
  return device.disk.copy().open()
}

async function eventOf(store: Store, message: EventId): Promise<Rows['events'] | undefined> {
  const [row] = await store.listBy('events.id', { prefix: [message], limit: 1 })
  return row?.eventId === message ? row : undefined
}

async function holds(store: Store, message: EventId): Promise<boolean> {
  return (await eventOf(store, message)) !== undefined
}

/** The relay held the item that carries it. */
async function isStored(scene: Scene, own: Store, message: EventId, tags: ReadonlySet<string>): Promise<boolean> {
  const event = await eventOf(own, message)
  if (event === undefined) return false
  const rows = await own.list('outbox', { prefix: [event.conversation] })
  const carrying = rows.filter(
    (row) => row.kind === 'application' && row.firstSeq <= event.seq && event.seq <= row.lastSeq,
  )
  return carrying.some((row) => {
    const keys = scene.witness.keysOf(row.generation)
    return keys !== undefined && tags.has(toHex(tagOf(keys, scene.relay.id, row.innerId, 0)))
  })
}
