import { sha256 } from '@noble/hashes/sha2.js'
import { commit, mayCommit } from '@sotto/group'
import type { Result } from '@sotto/interface'
import { decodeControlAttachment, encodeControlAttachment, encodeLogHeads, fromHex } from '@sotto/wire'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { groupOf, walksWithAdmin } from '../../test/scenes.ts'
import { accountOf, until, World, type Person } from '../../test/world.ts'
import { bundleOf } from './bundle.ts'
import type { Kept } from './control.ts'
import { enterGroup } from './enter.ts'
import { followed } from './followed.ts'
import { prepareThing } from './say.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

/** What a changed client would make of what it may commit: a commit, and what lets a newcomer in by it. Nothing of it is stored or sent. */
async function committedBy(
  person: Person,
  conversation: string,
  opensGeneration: boolean,
): Promise<{ thing: Kept; bundle: Uint8Array }> {
  const group = groupOf(person, conversation)
  const { control, context, tip } = group
  const due = control === undefined ? undefined : mayCommit(control.view, context.profile().device)
  const [leaf] = due?.added ?? []
  const grant = leaf === undefined ? undefined : control?.kept.get(leaf.grant)
  const attachment = decodeControlAttachment(grant?.attachment ?? new Uint8Array())
  if (control === undefined || leaf === undefined || !attachment.ok) throw new Error('nobody is to come in')
  const add = attachment.value.keyPackages.map((bytes) => bytes.slice())
  const made = await commit(context.engine, tip, { add, verify: context.verify }, { opensGeneration })
  if (!made.ok || made.value.welcome === undefined) throw new Error('no commit')
  const heads = encodeLogHeads({ heads: [] })
  const leaves = [{ device: fromHex(leaf.device), grant: fromHex(leaf.grant) }]
  const value = { child: fromHex(made.value.child.epochId), added: leaves, removed: [], headsHash: sha256(heads) }
  const bytes = encodeControlAttachment({ mls: made.value.commit, heads })
  const said = await prepareThing(group, control, { case: 'commit', value }, bytes)
  const thing = [...said.control.kept.values()].find(({ thing: { id } }) => !control.kept.has(id))
  const bundle = bundleOf(group, said.control, { welcome: made.value.welcome, heads })
  if (thing === undefined || bundle === undefined) throw new Error('no thing')
  return { thing, bundle }
}

test('whoever comes in is where all others are: a commit that says otherwise, or a Welcome, is refused at once', async () => {
  const { anna, ben, cleo, conversation } = await walksWithAdmin(world)
  const dora = await world.person('Dora')
  await world.meet(ben, dora)
  // Whose turn it would be is not there.
  await world.stop(anna)
  await ben.client.do('groupAdd', { conversation, account: accountOf(dora) })
  const request = await until(() => dora.client.snapshot.get().requests.find(({ kind }) => kind === 'group'))
  await dora.client.do('accept', { id: request.id })
  await until(() => groupOf(ben, conversation).control?.roleOf(accountOf(dora)))
  const { context, network } = dora.client
  const enter = (bundle: Uint8Array): Promise<Result<unknown>> =>
    enterGroup(context, network, { conversation, bundle, done: [], known: undefined, by: 'person' })
  const lie = await committedBy(ben, conversation, false)
  expect(await followed(groupOf(cleo, conversation), groupOf(cleo, conversation).tip, lie.thing)).toBeUndefined()
  expect(await enter(lie.bundle)).toEqual({ ok: false, reason: 'wrong-generation' })
  const truth = await committedBy(ben, conversation, true)
  expect(await followed(groupOf(cleo, conversation), groupOf(cleo, conversation).tip, truth.thing)).toBeDefined()
  expect(await enter(truth.bundle)).toMatchObject({ ok: true })
})
