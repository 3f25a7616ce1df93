import type { ThingId } from '@sotto/interface'
import { innerIdOf } from '@sotto/wire'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { groupOf, walksWithAdmin } from '../../test/scenes.ts'
import { membersIn, texts, until, World, type Person } from '../../test/world.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { receive } from '../conversation/receive.ts'
import type { Kept } from './control.ts'
import { innerOf, signThing } from './say.ts'

// A device that says one thing to some and another to others, both in the same place of its chain; and one that names what there is not.

let world: World
beforeEach(() => {
  world = new World({ speed: 60 })
})
afterEach(() => world.end())

const ACK = { case: 'ack', value: {} } as const

/** The next thing of that device as often as wanted, each of them another one: nothing of it is stored or sent. */
async function nextOf({ context, id, control, tip }: Conversation, deps: readonly ThingId[]): Promise<Kept> {
  if (control === undefined) throw new Error('no log')
  const { seq, id: prev } = control.reachOf(context.profile().device)
  const lamport = control.placed.length + deps.length
  const basis = { seq: seq + 1, deps, lamport, epoch: tip.epochId, ...(prev === undefined ? {} : { prev }) }
  return signThing(context, { conversation: id, log: control.log, said: ACK, attachment: new Uint8Array(), basis })
}

async function give(kept: Kept, person: Person, conversation: string): Promise<void> {
  const [to, inner] = [groupOf(person, conversation), innerOf(kept)]
  await to.lane.run(() => receive(to, innerIdOf(inner), inner, { via: 'mailbox' }))
}

async function talks(speaker: Person, hearers: readonly Person[], conversation: string, text: string): Promise<void> {
  await speaker.client.do('send', { conversation, text })
  for (const hearer of hearers) await until(async () => (await texts(hearer, conversation)).includes(text))
}

test('who says two things in one place, each to one member only, parts nobody and is out', async () => {
  const { anna, ben, cleo, conversation } = await walksWithAdmin(world)
  const from = groupOf(cleo, conversation)
  const twins = [await nextOf(from, []), await nextOf(from, from.control?.view.heads.slice(0, 1) ?? [])]
  await world.stop(cleo)
  for (const [at, person] of [anna, ben].entries()) {
    const twin = twins[at]
    if (twin === undefined) throw new Error('no twin')
    await give(twin, person, conversation)
    // What each says now stands on the one that the other does not have.
    await person.client.do('groupRename', { conversation, title: `Walks ${String(at)}` })
  }
  for (const person of [anna, ben]) {
    await until(() => groupOf(person, conversation).control?.view.forked.length === 1)
    await until(() => membersIn(person, conversation).join() === 'Anna,Ben')
  }
  await until(() => groupOf(anna, conversation).title === groupOf(ben, conversation).title)
  await talks(anna, [ben], conversation, 'together again')
  expect(groupOf(anna, conversation).tip.epochId).toBe(groupOf(ben, conversation).tip.epochId)
})

test('where whoever stands on it is gone, somebody else who has it gives it', async () => {
  const [anna, ben] = [await world.person('Anna'), await world.person('Ben')]
  const [cleo, dora] = [await world.person('Cleo'), await world.person('Dora')]
  for (const other of [ben, cleo, dora]) await world.meet(anna, other)
  const conversation = await world.group('Walks', anna, [ben, cleo, dora])
  const theirs = groupOf(dora, conversation)
  for (const other of [anna, ben, cleo])
    await until(() => {
      const { device } = dora.client.context.profile()
      return groupOf(other, conversation).control?.reachOf(device).seq === theirs.control?.reachOf(device).seq
    })
  const secret = await nextOf(theirs, theirs.control?.view.heads ?? [])
  await world.stop(dora)
  // Ben has it, and Anna through him; then he is gone. Cleo has what he says, and not what it stands on.
  await world.stop(cleo)
  await give(secret, ben, conversation)
  await give(secret, anna, conversation)
  const on = groupOf(ben, conversation)
  const said = await on.lane.run(() => nextOf(on, [secret.thing.id]))
  await world.stop(ben)
  await give(said, anna, conversation)
  const back = await world.person('Cleo', { disk: cleo.disk })
  await give(said, back, conversation)
  await until(() => groupOf(back, conversation).control?.placedAt(said.thing.id) !== undefined)
  expect(groupOf(back, conversation).state.lacking).toEqual([])
})

test('what stands on something that there is not holds up its author only, and is asked for within bounds', async () => {
  const { anna, ben, cleo, conversation } = await walksWithAdmin(world)
  const from = groupOf(cleo, conversation)
  for (let at = 0; at < 40; at += 1) {
    const nothing = at.toString(16).padStart(64, '0') as ThingId
    await give(await nextOf(from, [nothing]), anna, conversation)
  }
  expect(groupOf(anna, conversation).state.lacking).toHaveLength(16)
  await ben.client.do('groupRename', { conversation, title: 'Long walks' })
  await until(() => groupOf(anna, conversation).title === 'Long walks')
  await talks(anna, [ben, cleo], conversation, 'nobody waits')
})
