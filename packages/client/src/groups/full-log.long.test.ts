import type { ThingId } from '@sotto/interface'
import { decodeWelcomeBundle, innerIdOf, MAX_WELCOME_BUNDLE_BYTES } from '@sotto/wire'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { groupOf, walks } from '../../test/scenes.ts'
import { accountOf, membersIn, until, World, type Person } from '../../test/world.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { receive } from '../conversation/receive.ts'
import { bundleOf } from './bundle.ts'
import { MAX_THINGS_OF_DEVICE, type Control, type Kept } from './control.ts'
import { controlOf } from './enter.ts'
import { innerOf, signThing, type Saying } from './say.ts'

let world: World
beforeEach(() => {
  world = new World({ speed: 60 })
})
afterEach(() => world.end())

/** As many acks as one device may say, each of which names many others. */
async function filledBy(person: Person, conversation: string, control: Control): Promise<Kept[]> {
  const { context, id, tip } = groupOf(person, conversation)
  const own = control.reachOf(context.profile().device)
  const others = control.placed.map(({ thing }) => thing.id).filter((thing) => thing !== own.id)
  const said: Kept[] = []
  let [prev, seq, lamport] = [own.id, own.seq, control.placed.length]
  while (seq < MAX_THINGS_OF_DEVICE) {
    seq += 1
    lamport += 1
    const deps = Array.from({ length: 16 }, (_, at): ThingId | undefined => others[(seq * 7 + at) % others.length])
    const known = [...new Set(deps.filter((dep) => dep !== undefined))]
    const basis = { seq, deps: known, lamport, epoch: tip.epochId, ...(prev === undefined ? {} : { prev }) }
    const ack = { case: 'ack', value: {} } as const
    const kept = await signThing(context, {
      conversation: id,
      log: control.log,
      said: ack,
      attachment: new Uint8Array(),
      basis,
    })
    said.push(kept)
    prev = kept.thing.id
  }
  return said
}

/** A commit that names many leaves, none of which there is: the next of its device after `last`. */
async function emptyCommit({ context, id, control, tip }: Conversation, last: Kept | undefined): Promise<Kept> {
  if (control === undefined) throw new Error('no log')
  const before = control.reachOf(context.profile().device)
  const { seq: at, id: prev } = last?.thing ?? { seq: before.seq, id: before.id }
  const bytes = (of: number): Uint8Array => new Uint8Array(32).map((_, index) => (index * 7 + of * 31 + at * 13) % 256)
  const leaves = (from: number): { device: Uint8Array; grant: Uint8Array }[] =>
    Array.from({ length: 220 }, (_, leaf) => ({ device: bytes(from + leaf), grant: bytes(from + leaf + 1_000) }))
  const value = { child: bytes(5_000), added: leaves(0), removed: leaves(300), headsHash: new Uint8Array(32) }
  const basis = {
    seq: at + 1,
    deps: control.view.heads.slice(0, 1),
    lamport: control.placed.length,
    epoch: tip.epochId,
  }
  const said = { case: 'commit', value } as Saying
  return signThing(context, {
    conversation: id,
    log: control.log,
    said,
    attachment: new Uint8Array(),
    basis: { ...basis, ...(prev === undefined ? {} : { prev }) },
  })
}

test('a member who says what does not pack, as much as it can, closes no group to newcomers and stops nobody', async () => {
  const { anna, ben, cleo, conversation } = await walks(world)
  const dora = await world.person('Dora')
  await world.meet(anna, dora)
  const [from, to] = [groupOf(cleo, conversation), groupOf(anna, conversation)]
  const taken = new Map<string, number>()
  await world.stop(cleo)
  let last: Kept | undefined
  for (let at = 0; at < 100; at += 1) {
    last = await emptyCommit(from, last)
    const inner = innerOf(last)
    const what = await to.lane.run(() => receive(to, innerIdOf(inner), inner, { via: 'mailbox' }))
    taken.set(what, (taken.get(what) ?? 0) + 1)
  }
  expect(taken.get('refused')).toBeGreaterThan(60)
  await anna.client.do('groupAdd', { conversation, account: accountOf(dora) })
  const request = await until(() => dora.client.snapshot.get().requests.find(({ kind }) => kind === 'group'))
  await dora.client.do('accept', { id: request.id })
  await until(() => membersIn(dora, conversation).join() === 'Anna,Ben,Cleo,Dora')
  await anna.client.do('groupRemove', { conversation, account: accountOf(cleo) })
  for (const person of [ben, dora]) await until(() => membersIn(person, conversation).join() === 'Anna,Ben,Dora')
})

test('two members who say as much as they may do not close a group to newcomers', async () => {
  const { anna, ben, cleo, conversation } = await walks(world)
  const group = groupOf(anna, conversation)
  let { control } = group
  for (const person of [ben, cleo]) {
    if (control === undefined) throw new Error('no log')
    control = control.with(await filledBy(person, conversation, control))
  }
  if (control === undefined) throw new Error('no log')
  expect(control.placed.length).toBeGreaterThan(2 * MAX_THINGS_OF_DEVICE)
  const bundle = bundleOf(group, control, { welcome: new Uint8Array(100_000), heads: new Uint8Array() })
  if (bundle === undefined) throw new Error('nobody comes in')
  expect(bundle.length).toBeLessThan(MAX_WELCOME_BUNDLE_BYTES / 2)
  const decoded = decodeWelcomeBundle(bundle)
  if (!decoded.ok) throw new Error(decoded.reason)
  const read = await controlOf(group.context, group.id, decoded.value.things)
  expect(read.ok && read.value.placed.map(({ thing }) => thing.id)).toEqual(control.placed.map(({ thing }) => thing.id))
})
