import type { Epoch } from '../rules/epoch.ts'
import { treeOf } from '../sim-rules/evidence.ts'
import { hasExcuse } from '../sim-rules/message-oracles.ts'
import { evidenceOf } from '../sim-rules/oracles.ts'
import type { Device } from '../sim-rules/world.ts'
import type { AnyState } from '../symbolic/group.ts'
import { verify } from './people.ts'
import type { Stage } from './stage.ts'

/** What everybody holds at the end, and what outsiders can do with all that they have. */
export async function lookAtEnd<S extends AnyState>(stage: Stage<S>): Promise<void> {
  for (const [device, states] of stage.states) {
    await tryCommits(stage, device, states)
    await tryWelcomes(stage, device)
    await tryMessages(stage, device, states)
    lookAtRosters(stage, device, states)
  }
  lookAtReaders(stage)
}

/** Whoever holds a parent and is not in the child cannot enter it. */
async function tryCommits<S extends AnyState>(stage: Stage<S>, device: Device, states: Map<Epoch, S>): Promise<void> {
  for (const [epoch, { commit }] of stage.sent) {
    const state = epoch.parent && states.get(epoch.parent)
    if (state === undefined || isIn(device, epoch)) continue
    const entered = await stage.group.processCommit(state, commit, { verify })
    if (entered.ok) stage.fail('came-back', `${device.id} entered ${epoch.id}, which removed it`)
    stage.count('commits tried by outsiders')
  }
}

/** Nor does somebody else's Welcome let it in, with any key package that it ever had. */
async function tryWelcomes<S extends AnyState>(stage: Stage<S>, device: Device): Promise<void> {
  const { key: _, ...self } = stage.personOf(device)
  const own = stage.world.arena.nodes.flatMap(({ grants }) => grants.filter((leaf) => leaf.device === device.id))
  const leaf = own.at(-1)
  if (leaf === undefined) return
  const keyPackage = await stage.packageOf(leaf)
  for (const [epoch, { welcome }] of stage.sent) {
    if (welcome === undefined || isIn(device, epoch) || !stage.isOnceIn(3)) continue
    const joined = await stage.group.join({ welcome, keyPackage, self, verify })
    if (joined.ok) stage.fail('came-back', `${device.id} joined ${epoch.id}, which is not for it`)
    stage.count('Welcomes tried by outsiders')
  }
}

/** Whoever is not in a message's epoch opens it with nothing. */
async function tryMessages<S extends AnyState>(stage: Stage<S>, device: Device, states: Map<Epoch, S>): Promise<void> {
  for (const [message, { bytes }] of stage.letters) {
    if (isIn(device, message.epoch) || !stage.isOnceIn(4)) continue
    for (const state of states.values()) {
      const opened = await stage.group.open(state, bytes)
      if (opened.ok) stage.fail('readable', `${device.id} read message ${message.number}, which was not for it`)
      stage.count('messages tried by outsiders')
    }
  }
}

/** Every state that is left has the leaves that the signed things say. */
function lookAtRosters<S extends AnyState>(stage: Stage<S>, device: Device, states: Map<Epoch, S>): void {
  const keys = new Map(stage.world.devices.map((one) => [one.id, stage.personOf(one).key]))
  for (const [epoch, state] of states) {
    const tree: string[] = [...treeOf(epoch)].map((id) => keys.get(id) ?? '')
    const roster = stage.group.roster(state).map((member) => member.device)
    if (tree.toSorted().join() !== roster.toSorted().join())
      stage.fail('another-roster', `${device.id} has another roster in ${epoch.id}`)
    stage.count('rosters')
  }
}

/** What honest members sealed was really opened by all who were in that tree and are in still. */
function lookAtReaders<S extends AnyState>(stage: Stage<S>): void {
  const evidence = evidenceOf(stage.world)
  const seats = evidence.staying[0]?.analysis.membership.seats
  for (const message of stage.letters.keys()) {
    if (message.author.isEvil || seats?.has(message.author.account.id) !== true) continue
    for (const device of evidence.staying) {
      if (!isIn(device, message.epoch)) continue
      stage.count('readers')
      if (stage.openedBy(device).has(message) || hasExcuse(stage.world, message, device, evidence.staying)) continue
      stage.fail('unreadable', `message ${message.number} at ${device.id}`)
    }
  }
}

function isIn(device: Device, epoch: Epoch): boolean {
  return treeOf(epoch).has(device.id)
}
