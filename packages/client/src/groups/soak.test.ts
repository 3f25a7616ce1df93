import { maySeal } from '@sotto/core'
import { missing } from '@sotto/group'
import { seededRandom } from '@sotto/testkit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { depositsOf } from '../conversation/outbox-row.ts'
import { accountOf, membersIn, texts, until, World, type Person } from '../../test/world.ts'

const NAMES = ['Anna', 'Ben', 'Cleo', 'Dora'] as const
const STEPS = 24
const SEEDS = (process.env['SOTTO_SOAK_SEEDS'] ?? '1').split('-').map(Number)

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

/** One life of a group, drawn from a seed: messages, restarts, an absent relay, people who are removed, leave and come back. */
class Life {
  readonly people = new Map<string, Person>()
  conversation = ''
  readonly #pick: (below: number) => number
  readonly said: { text: string; by: string; to: Set<string> }[] = []

  constructor(seed: string) {
    const random = seededRandom(seed)
    this.#pick = (below) => (random.bytes(4).reduce((sum, byte) => sum * 256 + byte, 0) >>> 0) % below
  }

  async begin(): Promise<void> {
    for (const name of NAMES) this.people.set(name, await world.person(name))
    for (const name of NAMES.slice(1)) await world.meet(this.person('Anna'), this.person(name))
    this.conversation = await world.group(
      'Walks',
      this.person('Anna'),
      NAMES.slice(1).map((name) => this.person(name)),
    )
  }

  person(name: string): Person {
    const found = this.people.get(name)
    if (found === undefined) throw new Error('nobody of that name')
    return found
  }

  async step(count: number): Promise<string> {
    const name = NAMES[this.#pick(NAMES.length)] ?? 'Anna'
    const kind = this.#pick(10)
    if (kind < 5) return this.#say(name, count)
    if (kind < 7) return this.#restart(name)
    if (kind === 7) return this.#relay(count)
    return name === 'Anna' ? this.#say(name, count) : this.#goOrCome(name, kind)
  }

  async #say(name: string, count: number): Promise<string> {
    const person = this.person(name)
    if (this.#phase(name) !== 'active') return `${name} is out`
    const text = `${String(count)} by ${name}`
    await person.client.do('send', { conversation: this.conversation, text })
    this.said.push({ text, by: name, to: new Set(NAMES.filter((other) => this.#phase(other) === 'active')) })
    return `${name} says`
  }

  async #restart(name: string): Promise<string> {
    const { disk } = this.person(name)
    await world.stop(this.person(name))
    this.people.set(name, await world.person(name, { disk }))
    return `${name} starts again`
  }

  async #relay(count: number): Promise<string> {
    world.network.setRelay(world.relay.address, false)
    await this.#say(NAMES[this.#pick(NAMES.length)] ?? 'Anna', count)
    world.network.setRelay(world.relay.address, true)
    return 'the relay was away'
  }

  async #goOrCome(name: string, kind: number): Promise<string> {
    const anna = this.person('Anna').client
    const { conversation } = this
    if (this.#phase(name) === 'active') {
      if (kind === 8) await anna.do('groupRemove', { conversation, account: accountOf(this.person(name)) })
      else await this.person(name).client.do('groupLeave', { conversation })
      await until(
        () => this.#phase(name) === 'ended' && membersIn(this.person('Anna'), conversation).every((n) => n !== name),
      )
      // Whoever is out reads nothing any more, not even what was on its way.
      const read = await texts(this.person(name), conversation)
      for (const { text, to } of this.said) if (!read.includes(text)) to.delete(name)
      return `${name} goes`
    }
    await anna.do('groupAdd', { conversation, account: accountOf(this.person(name)) })
    const request = await until(() => this.person(name).client.snapshot.get().requests[0])
    await this.person(name).client.do('accept', { id: request.id })
    await until(() => this.#phase(name) === 'active')
    return `${name} comes back`
  }

  #phase(name: string): string {
    return this.person(name).client.get(this.conversation).row.phase === 'active' ? 'active' : 'ended'
  }

  /** Where everybody stands: what a failure is understood by. */
  async report(): Promise<string> {
    const lines = [...this.people].map(async ([name, person]) => {
      const { row, tip, control, isRekeying, state, generations, id } = person.client.get(this.conversation)
      const log = control === undefined ? 'none' : `${String(control.log.size)} of ${String(control.kept.size)} things`
      const outbox = (await person.store.list('outbox', { prefix: [id] })).map(
        (entry) =>
          `${entry.kind} ${String(entry.lastSeq)} ${entry.generation.slice(0, 4)} ${String(depositsOf(entry).length)}`,
      )
      const devices = state.devices.map(
        ({ device, live, head, held, missing: gap, control: cseq }) =>
          `${device.slice(0, 4)}${live ? '' : ' (gone)'} at ${String(head.seq)} held ${String(held.length)} gap ${gap === undefined ? '' : `${String(gap.from)}-${String(gap.to)}`} control ${String(cseq)}`,
      )
      const lacking = control === undefined ? [] : missing(control.log).map((entry) => JSON.stringify(entry))
      return [
        `${name} ${state.self.slice(0, 4)}: ${row.phase}${isRekeying ? ' rekeying' : ''} tip ${tip.epochId.slice(0, 4)} view ${control?.view.tip.slice(0, 4) ?? ''} log ${log} lacks ${lacking.join()}`,
        `  keys ${generations.map((entry) => entry.id.slice(0, 4)).join()} may seal ${String(maySeal(state))}`,
        `  outbox ${outbox.join(', ')}`,
        `  ${devices.join('; ')}`,
      ].join('\n')
    })
    return (await Promise.all(lines)).join('\n')
  }

  get inside(): string[] {
    return NAMES.filter((name) => this.#phase(name) === 'active')
  }
}

describe('the life of a group', () => {
  const [from = 1, to = from] = SEEDS
  for (let seed = from; seed <= to; seed += 1) {
    test(`loses and doubles nothing, and all agree who is in, seed ${String(seed)}`, async () => {
      const life = new Life(`group life ${String(seed)}`)
      await life.begin()
      expect(membersIn(life.person('Anna'), life.conversation)).toHaveLength(NAMES.length)
      const history: string[] = []
      try {
        await live(life, history)
      } catch (error) {
        throw new Error(`${history.join('; ')}\n${await life.report()}`, { cause: error })
      }
    })
  }
})

/** Lives it to its end; what must hold then is expected here. */
async function live(life: Life, history: string[]): Promise<void> {
  for (let count = 0; count < STEPS; count += 1) history.push(await life.step(count))
  const { inside, conversation, said } = life
  for (const name of inside) {
    await until(() => membersIn(life.person(name), conversation).toSorted().join() === inside.toSorted().join())
  }
  for (const { text, by, to: readers } of said) {
    if (!inside.includes(by)) continue
    for (const name of inside.filter((reader) => readers.has(reader))) {
      await until(async () => (await texts(life.person(name), conversation)).includes(text))
    }
  }
  const orders = await Promise.all(inside.map((name) => texts(life.person(name), conversation)))
  for (const order of orders) expect(new Set(order).size).toBe(order.length)
  for (const order of orders) for (const other of orders) expect(common(order, other)).toEqual(common(other, order))
}

/** Of the one list, what is also in the other. */
function common(one: readonly string[], other: readonly string[]): string[] {
  return one.filter((text) => other.includes(text))
}
