import { seededRandom } from '@sotto/testkit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { accountOf, membersIn, texts, until, World, type Person } from '../../test/world.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { rekeyGroup } from './commit-due.ts'

const NAMES = ['Anna', 'Ben', 'Cleo', 'Dora'] as const
const STEPS = 20
const SEEDS = (process.env['SOTTO_PARTED_SEEDS'] ?? '1').split('-').map(Number)

let world: World
beforeEach(() => {
  // Waiting for one's turn takes a second.
  world = new World({ speed: 20 })
  world.network.faults.noDirect = true
})
afterEach(() => world.end())

/** Members who are cut off go on by themselves: they change keys, name, members, and write. Then they meet again, in any order. */
class Parted {
  readonly #people = new Map<string, Person>()
  readonly #away = new Set<string>()
  readonly said: { text: string; by: string }[] = []
  conversation = ''
  readonly #pick: (below: number) => number

  constructor(seed: string) {
    const random = seededRandom(seed)
    this.#pick = (below) => (random.bytes(4).reduce((sum, byte) => sum * 256 + byte, 0) >>> 0) % below
  }

  async begin(): Promise<void> {
    for (const name of NAMES) this.#people.set(name, await world.person(name))
    const others = NAMES.slice(1).map((name) => this.person(name))
    for (const other of others) await world.meet(this.person('Anna'), other)
    this.conversation = await world.group('Walks', this.person('Anna'), others)
    for (const name of ['Ben', 'Cleo']) await this.#appoint(name)
  }

  async #appoint(name: string): Promise<void> {
    const account = accountOf(this.person(name))
    await this.person('Anna').client.do('groupRole', { conversation: this.conversation, account, role: 'admin' })
    await until(() => NAMES.every((other) => this.group(other).control?.roleOf(account) === 'admin'))
  }

  person(name: string): Person {
    const found = this.#people.get(name)
    if (found === undefined) throw new Error('nobody of that name')
    return found
  }

  group(name: string): Conversation {
    return this.person(name).client.get(this.conversation)
  }

  get inside(): string[] {
    return NAMES.filter((name) => this.group(name).row.phase === 'active')
  }

  async step(count: number): Promise<string> {
    const name = NAMES[this.#pick(NAMES.length)] ?? 'Anna'
    const kind = this.#pick(12)
    if (kind < 3) return this.#say(name, count)
    if (kind < 7) return this.#away.has(name) ? this.#return(name) : this.#leave(name)
    if (kind < 10) return this.#renew(name)
    if (kind === 10) return this.#rename(name, count)
    return this.#remove(name)
  }

  async #say(name: string, count: number): Promise<string> {
    if (!this.inside.includes(name)) return `${name} is out`
    const text = `${String(count)} by ${name}`
    await this.person(name).client.do('send', { conversation: this.conversation, text })
    this.said.push({ text, by: name })
    // In whatever epoch it is, now.
    await this.group(name).lane.run(() => this.group(name).step({ type: 'seal-due' }))
    return `${name} says`
  }

  async #leave(name: string): Promise<string> {
    const { disk } = this.person(name)
    await world.stop(this.person(name))
    this.#people.set(name, await world.person(name, { disk, offline: true }))
    this.#away.add(name)
    return `${name} is cut off`
  }

  async #return(name: string): Promise<string> {
    await this.person(name).client.start()
    this.#away.delete(name)
    return `${name} is back`
  }

  async #renew(name: string): Promise<string> {
    if (!this.inside.includes(name)) return `${name} is out`
    const group = this.group(name)
    const isDone = await group.lane.run(() => rekeyGroup(group))
    return `${name} ${isDone ? 'renews' : 'cannot renew'} the keys`
  }

  async #rename(name: string, count: number): Promise<string> {
    if (!this.inside.includes(name) || this.group(name).ownRole === 'member') return `${name} may not rename`
    await this.person(name).client.do('groupRename', {
      conversation: this.conversation,
      title: `Walks ${String(count)}`,
    })
    return `${name} renames`
  }

  async #remove(name: string): Promise<string> {
    const dora = accountOf(this.person('Dora'))
    const isIn = this.group(name).control?.roleOf(dora) !== undefined
    if (!this.inside.includes(name) || this.group(name).ownRole === 'member' || !isIn) return `${name} removes nobody`
    await this.person(name).client.do('groupRemove', { conversation: this.conversation, account: dora })
    return `${name} removes Dora`
  }

  /** Everybody is back, and all stand where all others do. */
  async meet(): Promise<void> {
    for (const name of this.#away) await this.#return(name)
    const isRemoved = NAMES.some(
      (name) => this.group(name).control?.roleOf(accountOf(this.person('Dora'))) === undefined,
    )
    await until(() => this.inside.length === (isRemoved ? 3 : 4))
    await until(() => new Set(this.inside.map((name) => this.group(name).tip.epochId)).size === 1)
    await until(() => new Set(this.inside.map((name) => this.group(name).title)).size === 1)
    await until(() => this.inside.every((name) => !this.group(name).isRekeying))
  }

  /** Commits that were given up. */
  get besides(): number {
    const { control } = this.group('Anna')
    const commits = [...(control?.kept.values() ?? [])].filter(({ thing }) => thing.body.kind === 'commit')
    return commits.length - ((control?.view.path.length ?? 1) - 1)
  }

  report(): string {
    return NAMES.map((name) => {
      const { row, tip, control, isRekeying, title, state, generations } = this.group(name)
      const path = control?.view.path.map((epoch) => epoch.slice(0, 4)).join(' ') ?? ''
      const devices = state.devices.map(
        ({ device, live, head, held, missing: gap, control: cseq }) =>
          `${device.slice(0, 4)}${live ? '' : ' (gone)'} at ${String(head.seq)} held ${String(held.length)} gap ${gap === undefined ? '' : `${String(gap.from)}-${String(gap.to)}`} control ${String(cseq)}`,
      )
      const keys = generations.map(({ id }) => id.slice(0, 4)).join(' ')
      return `${name} ${state.self.slice(0, 4)}: ${row.phase}${isRekeying ? ' rekeying' : ''} "${title}" tip ${tip.epochId.slice(0, 4)} path ${path} keys ${keys}\n  ${devices.join('; ')}`
    }).join('\n')
  }
}

describe('members who were cut off from each other', () => {
  const [from = 1, to = from] = SEEDS
  let given = 0
  for (let seed = from; seed <= to; seed += 1) {
    test(
      `agree when they meet again, and lose and double nothing, seed ${String(seed)}`,
      { timeout: 180_000 },
      async () => {
        const parted = new Parted(`parted ${String(seed)}`)
        await parted.begin()
        expect(parted.inside).toHaveLength(NAMES.length)
        const history: string[] = []
        try {
          for (let count = 0; count < STEPS; count += 1) history.push(await parted.step(count))
          await parted.meet()
          await compare(parted)
          given += parted.besides
        } catch (error) {
          throw new Error(`${history.join('; ')}\n${parted.report()}`, { cause: error })
        }
      },
    )
  }

  test(`have given something up, seeds ${String(from)} to ${String(to)}`, () => {
    expect(given).toBeGreaterThan(0)
  })
})

async function compare(parted: Parted): Promise<void> {
  const { inside, said, conversation } = parted
  for (const name of inside) {
    expect(membersIn(parted.person(name), conversation).toSorted()).toEqual(inside.toSorted())
    for (const { text, by } of said) {
      if (inside.includes(by)) await until(async () => (await texts(parted.person(name), conversation)).includes(text))
    }
  }
  const orders = await Promise.all(inside.map((name) => texts(parted.person(name), conversation)))
  for (const order of orders) expect(new Set(order).size).toBe(order.length)
  const own = orders.map((order) => order.filter((text) => inside.some((name) => text.endsWith(name))))
  for (const order of own) expect(order).toEqual(own[0])
}
