import type { ThingId } from '@sotto/interface'
import { decodeWelcomeBundle, MAX_WELCOME_BUNDLE_BYTES } from '@sotto/wire'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { groupOf, walks } from '../../test/scenes.ts'
import { World, type Person } from '../../test/world.ts'
import { bundleOf } from './bundle.ts'
import { MAX_THINGS_OF_DEVICE, type Control, type Kept } from './control.ts'
import { controlOf } from './enter.ts'
import { signThing } from './say.ts'

let world: World
beforeEach(() => {
  world = new World()
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
