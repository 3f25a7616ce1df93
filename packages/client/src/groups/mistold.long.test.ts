import type { ConversationState } from '@sotto/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { groupOf } from '../../test/scenes.ts'
import { accountOf, membersIn, texts, until, World, type Person } from '../../test/world.ts'

let world: World
beforeEach(() => {
  world = new World({ speed: 60 })
})
afterEach(() => world.end())

async function says(speaker: Person, hearers: readonly Person[], conversation: string, text: string): Promise<void> {
  await speaker.client.do('send', { conversation, text })
  for (const hearer of hearers) await until(async () => (await texts(hearer, conversation)).includes(text))
}

/** As somebody would have it who wants newcomers to hear nobody, and nobody them. */
function falsified(state: ConversationState, seq: number, lamport: number): ConversationState {
  const devices = state.devices.map((record) =>
    record.device === state.self ? record : { ...record, head: { ...record.head, seq, lamport } },
  )
  return { ...state, devices }
}

test.each([
  ['more than there is', 1_000, 2_000_000_000],
  ['less than there is', 0, 0],
])(
  'whoever is let in by somebody who tells %s of the others is heard by all and hears all',
  async (_, seq, lamport) => {
    const [anna, cleo] = [await world.person('Anna'), await world.person('Cleo')]
    const [ben, dora] = [await world.person('Ben'), await world.person('Dora')]
    for (const [one, other] of [
      [anna, cleo],
      [anna, ben],
      [ben, dora],
    ] as const)
      await world.meet(one, other)
    const conversation = await world.group('Walks', anna, [cleo])
    await says(anna, [cleo], conversation, 'long ago')
    await says(cleo, [anna], conversation, 'and long ago')
    await letIn(anna, ben, conversation)
    await anna.client.do('groupRole', { conversation, account: accountOf(ben), role: 'admin' })
    for (const person of [anna, ben, cleo])
      await until(() => groupOf(person, conversation).control?.roleOf(accountOf(ben)) === 'admin')
    await says(anna, [ben, cleo], conversation, 'before')
    await says(cleo, [anna, ben], conversation, 'and before')
    // Whose turn it would be is not there.
    await world.stop(anna)
    const liar = groupOf(ben, conversation)
    liar.state = falsified(liar.state, seq, lamport)
    await letIn(ben, dora, conversation)
    await until(() => membersIn(cleo, conversation).includes('Dora'))
    await world.stop(ben)
    const back = await world.person('Anna', { disk: anna.disk })
    await says(dora, [back, cleo], conversation, 'hello')
    await says(back, [cleo, dora], conversation, 'welcome')
    await says(cleo, [back, dora], conversation, 'from me too')
    await says(dora, [back, cleo], conversation, 'thank you')
    const last = ['hello', 'welcome', 'from me too', 'thank you']
    for (const person of [back, cleo]) {
      const all = await texts(person, conversation)
      // What a newcomer says first stands above what was said before, if less was told: nothing of it has come to her yet.
      expect(all.slice(seq === 0 ? -3 : -4)).toEqual(seq === 0 ? last.slice(1) : last)
      expect(all.filter((text) => text === 'hello')).toHaveLength(1)
    }
    // What Ben could read himself she may be given, and nothing from before he came.
    const hers = await texts(dora, conversation)
    expect(hers.filter((text) => !text.endsWith('before'))).toEqual(last)
    expect(groupOf(dora, conversation).state.devices.flatMap(({ held }) => held)).toEqual([])
  },
)

/** The group's admin asks, the other accepts, and is in. */
async function letIn(admin: Person, guest: Person, conversation: string): Promise<void> {
  await admin.client.do('groupAdd', { conversation, account: accountOf(guest) })
  const request = await until(() => guest.client.snapshot.get().requests.find(({ kind }) => kind === 'group'))
  await guest.client.do('accept', { id: request.id })
  await until(() => membersIn(guest, conversation).length > 0)
}
