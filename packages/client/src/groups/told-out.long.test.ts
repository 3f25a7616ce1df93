import { afterEach, expect, test } from 'vitest'
import { daysPass, hears, reachAnew, seesLine, settledGroup, weeksPass, viewOf } from '../../test/absence.ts'
import { accountOf, membersIn, texts, until, World, type Person } from '../../test/world.ts'

/** For 90 days relays keep what leads on; after that the word comes by a 1:1: tried when SOTTO_AWAY_DAYS is set. */
const DAYS = process.env.SOTTO_AWAY_DAYS === undefined ? [50] : [50, 110]

let world: World
afterEach(() => world.end())

const isOut = (person: Person, conversation: string): boolean =>
  person.client.snapshot
    .get()
    .conversations.some((entry) => entry.conversation === conversation && entry.phase === 'ended')

test.for(DAYS)(
  'who was set aside, and removed while it was away for %i days, learns that it is out, and comes in by a new invitation',
  async (days) => {
    // After so long a device waits a while for a word before it asks.
    world = new World({ speed: days > 90 ? 30 : 1 })
    const { anna, ben, cleo, conversation } = await settledGroup(world)
    await world.stop(cleo)
    await weeksPass(world, [anna, ben], () => viewOf(ben, conversation).tree.length === 2)
    await anna.client.do('groupRemove', { conversation, account: accountOf(cleo) })
    await daysPass(world, days - 45, [anna, ben])
    await ben.client.do('send', { conversation, text: 'without Cleo' })
    if (days > 90) {
      await daysPass(world, 10, [anna, ben])
      world.relay.store.mailboxes.clear()
      await reachAnew(world, [anna, ben])
    }
    const back = await world.person('', { disk: cleo.disk })
    await back.client.do('send', { conversation, text: 'I am back' })
    await until(() => isOut(back, conversation))
    expect(back.facts.filter((fact) => fact.type === 'notice' && fact.name === 'out-while-away')).toHaveLength(1)
    await expect(back.client.do('send', { conversation, text: 'and now?' })).rejects.toMatchObject({ code: 'ended' })
    expect(membersIn(anna, conversation)).toEqual(['Anna', 'Ben'])
    expect(await texts(back, conversation)).not.toContain('without Cleo')
    await anna.client.do('groupAdd', { conversation, account: accountOf(cleo) })
    const request = await until(() => back.client.snapshot.get().requests.find(({ kind }) => kind === 'group'))
    await back.client.do('accept', { id: request.id })
    for (const person of [anna, ben, back])
      await until(() => membersIn(person, conversation).join() === 'Anna,Ben,Cleo')
    await ben.client.do('send', { conversation, text: 'with Cleo' })
    for (const person of [anna, ben, back]) await hears(person, conversation, ['with Cleo'])
    await seesLine(back, conversation, 'removed')
    expect((await texts(back, conversation)).filter((text) => text === 'from ' + accountOf(ben))).toHaveLength(1)
  },
)
