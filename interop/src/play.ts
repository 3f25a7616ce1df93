import { attempt, Failure, forEach } from './failure.ts'
import type { MixedGroup } from './mixed-group.ts'
import { OurPeer } from './our-peer.ts'
import { nameOf, type Peer } from './peer.ts'
import type { Kind, Member, Operation, Plan } from './plan.ts'
import { TheirPeer } from './their-peer.ts'

export interface Played {
  /** How often each operation was played, by whom: `theirs commit`. */
  readonly operations: Record<string, number>
  readonly most: Record<Kind, number>
  readonly failure?: {
    readonly step: number
    readonly operation: Operation
    readonly kind: Failure['kind']
    readonly why: string
  }
}

/** Plays a plan in a new group. After each operation all members must agree, and both sides must hear each other. */
export async function play(plan: Plan, group: MixedGroup): Promise<Played> {
  try {
    return await playAll(plan, group)
  } finally {
    for (const peer of [...group.inside, ...group.outside]) if (peer instanceof TheirPeer) peer.close()
  }
}

async function playAll(plan: Plan, group: MixedGroup): Promise<Played> {
  const operations: Record<string, number> = {}
  const most = { ours: 0, theirs: 0 }
  const founder = await group.create({ id: 1, kind: plan.founder })
  await founder.found()
  group.enter(founder)
  for (const [step, operation] of plan.operations.entries()) {
    const name = `${authorOf(operation, group).kind} ${operation.type}`
    try {
      await perform(operation, group)
      await expectAgreement(group)
      await exchange(group, step)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      return { operations, most, failure: { step, operation, kind: error.kind, why: error.message } }
    }
    operations[name] = (operations[name] ?? 0) + 1
    for (const kind of ['ours', 'theirs'] as const) {
      most[kind] = Math.max(most[kind], group.inside.filter((peer) => peer.kind === kind).length)
    }
  }
  return { operations, most }
}

function authorOf(operation: Operation, group: MixedGroup): { kind: Kind } {
  return operation.type === 'enter' ? operation.member : group.peer(operation.by)
}

async function perform(operation: Operation, group: MixedGroup): Promise<void> {
  switch (operation.type) {
    case 'commit':
      return commit(operation, group)
    case 'propose':
      return propose(operation, group)
    case 'enter':
      return enter(operation, group)
    case 'talk':
      return talk(group.peer(operation.by), group)
  }
}

async function commit(operation: Operation & { type: 'commit' }, group: MixedGroup): Promise<void> {
  const by = group.peer(operation.by)
  const { joining, add } = await recruited(operation.add, group)
  const { remove, withPath = false, withExtensions = false } = operation
  const made = await attempt('refused', `${by.kind} ${by.id} commits`, () =>
    by.commit({ add, remove, withPath, withExtensions }),
  )
  await group.spread(made, by, { joining, leaving: remove })
}

async function propose(operation: Operation & { type: 'propose' }, group: MixedGroup): Promise<void> {
  const by = group.peer(operation.by)
  if (!(by instanceof OurPeer)) throw new Error('OpenMLS as it is packaged makes no proposals')
  const { joining, add } = await recruited(operation.add, group)
  const { remove } = operation
  const messages = await attempt('refused', `ours ${by.id} proposes`, () => by.propose({ add, remove }))
  for (const message of messages) {
    const others = group.inside.filter((peer) => peer !== by)
    await forEach(others, async (peer) => {
      const what = `${peer.kind} ${peer.id} takes a proposal`
      const heard = await attempt('refused', what, () => peer.receive(message))
      if (heard.type !== 'proposal') throw new Failure('differs', `${what}: it says ${heard.type}`)
    })
  }
  const committer = group.peer(operation.committer)
  const what = `${committer.kind} ${committer.id} commits what was proposed`
  const made = await attempt('refused', what, () => committer.commitProposed())
  await group.spread(made, committer, { joining, leaving: remove })
}

async function enter({ member, info }: Operation & { type: 'enter' }, group: MixedGroup): Promise<void> {
  const witness = group.peer(info)
  const given = await attempt('refused', `${witness.kind} ${info} gives out a GroupInfo`, () => witness.groupInfo())
  if (given.before !== undefined) await group.spread(given.before, witness, { joining: [], leaving: [] })
  const peer = await group.create(member)
  const what = `${peer.kind} ${peer.id} comes in by a GroupInfo of ${witness.kind} ${info}`
  const made = await attempt('cannot-enter', what, () => peer.enter(given.info))
  await group.spread(made, peer, { joining: [], leaving: [] })
  group.enter(peer)
}

async function talk(by: Peer, group: MixedGroup): Promise<void> {
  const [first, second] = [`${by.id} first`, `${by.id} second`]
  const messages = await attempt(
    'refused',
    `${by.kind} ${by.id} writes`,
    async () => [await by.send(first), await by.send(second)] as const,
  )
  await group.tell(messages[1], by, second)
  await group.tell(messages[0], by, first)
}

async function recruited(
  members: readonly Member[],
  group: MixedGroup,
): Promise<{ joining: Peer[]; add: Uint8Array[] }> {
  const joining: Peer[] = []
  const add: Uint8Array[] = []
  for (const member of members) {
    const peer = await group.create(member)
    joining.push(peer)
    add.push(await attempt('refused', `${peer.kind} ${peer.id} makes a key package`, () => peer.keyPackage()))
  }
  return { joining, add }
}

/** Epoch, keys and members: the same for everybody, and as the plan has it. */
async function expectAgreement(group: MixedGroup): Promise<void> {
  const members = group.inside.map(({ id }) => nameOf(id)).toSorted()
  const views = await Promise.all(group.inside.map(async (peer) => ({ peer, view: await peer.view() })))
  const first = views[0]?.view
  const authenticator = views.find(({ view }) => view.authenticator !== undefined)?.view.authenticator
  for (const { peer, view } of views) {
    const who = `${peer.kind} ${peer.id}`
    if (view.epoch !== first?.epoch)
      throw new Failure('differs', `${who} is in epoch ${view.epoch}, not ${first?.epoch}`)
    if (view.exporter !== first.exporter) throw new Failure('differs', `${who} exports another secret`)
    if (view.authenticator !== undefined && view.authenticator !== authenticator)
      throw new Failure('differs', `${who} has another epoch authenticator`)
    if (view.members.toSorted().join() !== members.join()) throw new Failure('differs', `${who} sees other members`)
  }
}

/** One message from each side, the author another one each time; nobody who was removed reads it, or holds the group. */
async function exchange(group: MixedGroup, step: number): Promise<void> {
  for (const kind of ['ours', 'theirs'] as const) {
    const authors = group.inside.filter((peer) => peer.kind === kind)
    const author = authors[step % authors.length]
    if (author === undefined) continue
    const text = `step ${step} from ${kind} ${author.id}`
    const message = await attempt('refused', `${kind} ${author.id} writes`, () => author.send(text))
    await group.tell(message, author, text)
  }
  for (const peer of group.outside) {
    if (peer instanceof TheirPeer && (await peer.holdsGroup()))
      throw new Failure('follows', `theirs ${peer.id} was removed and holds the group`)
  }
}
