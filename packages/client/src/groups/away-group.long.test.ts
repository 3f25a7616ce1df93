import { afterEach, expect, test } from 'vitest'
import { daysPass, hears, reachAnew, saidIn, settledGroup, viewOf } from '../../test/absence.ts'
import { membersIn, texts, until, World, type Person } from '../../test/world.ts'
import { rekeyGroup } from './commit-due.ts'

/** SOTTO_AWAY_DAYS=29,31,89,200 tries each of them. */
const DAYS = (process.env.SOTTO_AWAY_DAYS ?? '31').split(',').map(Number)
const DAY_MS = 86_400_000
/** Keys of a generation go 90 days after it was closed, at the next look. */
const KEYS_MS = 98 * DAY_MS

let world: World
afterEach(() => world.end())

const TEXTS = ['on the first day', 'in between', 'on the last day', 'I am back']

/** A week or more of a group goes by for those who are there: they write, commit and open generations. */
async function goesOn(days: number, there: readonly Person[], conversation: string): Promise<void> {
  const [anna, ben] = there
  if (anna === undefined || ben === undefined) throw new Error('nobody is there')
  const group = anna.client.get(conversation)
  await ben.client.do('send', { conversation, text: 'on the first day' })
  const before = viewOf(anna, conversation).tip
  await group.lane.run(() => rekeyGroup(group))
  await until(() => viewOf(ben, conversation).tip !== before)
  await daysPass(world, 0.3, there)
  await daysPass(world, days - 15, there)
  await anna.client.do('send', { conversation, text: 'in between' })
  await anna.client.do('groupRename', { conversation, title: 'Long walks' })
  await daysPass(world, 14, there)
  // Whoever is silent is called so at one look, and set aside at the next.
  for (let looks = 0; looks < 3; looks += 1) await daysPass(world, 0.25, there)
  await ben.client.do('send', { conversation, text: 'on the last day' })
}

test.for(DAYS)(
  'in a group one is away for %i days while others write, commit and open generations, and comes back',
  async (days) => {
    // After so long a device waits a while for a word before it asks.
    world = new World({ speed: days > 90 ? 30 : 1 })
    const { anna, ben, cleo, conversation } = await settledGroup(world)
    await world.stop(cleo)
    await goesOn(days, [anna, ben], conversation)
    const isOut = days > 30
    if (isOut) for (const person of [anna, ben]) await until(() => viewOf(person, conversation).tree.length === 2)
    for (const person of [anna, ben]) {
      expect(viewOf(person, conversation).tree).toHaveLength(isOut ? 2 : 3)
      await until(() => viewOf(person, conversation).final === viewOf(person, conversation).tip || !isOut)
      // What is final and over is gone: states at once, keys of the mailboxes a quarter of a year later.
      const { generations, context, id } = person.client.get(conversation)
      const oldest = Math.min(...generations.map(({ openedAt }) => openedAt))
      if (days > 100) expect(world.clock.now() - oldest).toBeLessThan(KEYS_MS + 7 * DAY_MS)
      if (days > 100) expect(await context.store.list('epochs', { prefix: [id] })).toHaveLength(1)
    }
    // A relay keeps commits for 90 days: then nothing leads from where Cleo was.
    if (days > 90) {
      world.relay.store.mailboxes.clear()
      await reachAnew(world, [anna, ben])
    }
    const back = await world.person('', { disk: cleo.disk })
    await back.client.do('send', { conversation, text: 'I am back' })
    for (const person of [anna, ben, back]) {
      await hears(person, conversation, TEXTS)
      for (const text of TEXTS) expect((await texts(person, conversation)).filter((it) => it === text)).toHaveLength(1)
      expect(membersIn(person, conversation)).toEqual(['Anna', 'Ben', 'Cleo'])
      expect(person.client.get(conversation).title).toBe('Long walks')
    }
    expect(saidIn(anna, conversation, 'grant')).toBe(isOut ? 1 : 0)
  },
)
