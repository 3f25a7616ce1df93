import { agreedEpoch, lockedEpoch, quietLeaves, wouldBe, type Leaf } from '@sotto/group'
import type { EpochId } from '@sotto/interface'
import { fromHex } from '@sotto/wire'
import type { Conversation } from '../conversation/conversation.ts'
import { aged, MAX_NOTED, type Ages, type Attended } from './attendance.ts'
import type { Control } from './control.ts'
import { say } from './say.ts'

const DAY_MS = 86_400_000
/** Whoever owes a word for so long is called silent (G6). */
const SILENT_MS = 30 * DAY_MS

/** Only who has followed to the tip can say of others that they have not. */
export function mayJudge({ control, context, row, tip }: Conversation): boolean {
  if (control === undefined || row.phase !== 'active') return false
  const { device } = context.profile()
  return control.view.tip === tip.epochId && control.view.desired.some((leaf) => leaf.device === device)
}

/** How long each epoch about which somebody owes a word has been on the path, and known as agreed. */
export function owedNoted(
  { control, context }: Conversation,
  before: Pick<Attended, 'path' | 'agreed'>,
  passed: number,
): Pick<Attended, 'path' | 'agreed'> {
  if (control === undefined) return before
  const { log, view } = control
  const isOwed = (epoch: EpochId): boolean => othersQuiet(control, context.profile().device, epoch).length > 0
  const after = view.path.slice(view.path.indexOf(lockedEpoch(log)) + 1).slice(0, 2 * MAX_NOTED)
  const known = view.path.filter((epoch) => epoch in before.agreed || epoch === agreedEpoch(log))
  return {
    path: aged(before.path, after.filter(isOwed), passed, SILENT_MS),
    agreed: aged(before.agreed, known.filter(isOwed), passed, SILENT_MS),
  }
}

/** Says of each silent leaf that it is, once for the epoch that it has been silent about. True when anything was said. */
export async function attestSilent(
  conversation: Conversation,
  { path, agreed }: Pick<Attended, 'path' | 'agreed'>,
): Promise<boolean> {
  const { control, context } = conversation
  const self = context.profile().device
  const about = [newestDue(control, path), newestDue(control, agreed)]
  let isSaid = false
  for (const epoch of about) {
    if (control === undefined || epoch === undefined) continue
    for (const leaf of othersQuiet(control, self, epoch)) {
      const { control: now } = conversation
      if (now === undefined || hasAttested(now, self, leaf)) continue
      const value = { leaf: wireLeaf(leaf), about: fromHex(epoch) }
      await say(conversation, { case: 'attest', value })
      isSaid = true
    }
  }
  return isSaid
}

/** Sets aside every leaf that enough attest by now, whoever they are. */
export async function setAside(conversation: Conversation): Promise<boolean> {
  const { account, device } = conversation.context.profile()
  let isSaid = false
  for (const leaf of conversation.control?.view.tree ?? []) {
    const { control } = conversation
    if (control === undefined || leaf.device === device || !isAttested(control, leaf)) continue
    if (!wouldBe(control.log, { kind: 'stale', leaf }, { account, device })) continue
    if (!control.view.desired.some((wanted) => isSame(wanted, leaf))) continue
    await say(conversation, { case: 'stale', value: wireLeaf(leaf) })
    isSaid = true
  }
  return isSaid
}

/** The newest epoch that this device has seen for long enough. */
function newestDue(control: Control | undefined, ages: Ages): EpochId | undefined {
  return control?.view.path.findLast((epoch) => (ages[epoch] ?? 0) >= SILENT_MS)
}

/** Leaves of other devices, in the tip's tree still, that owe a word about that epoch. */
function othersQuiet({ log, view }: Control, self: string, about: EpochId): readonly Leaf[] {
  return quietLeaves(log, about).filter(
    (leaf) => leaf.device !== self && view.tree.some((there) => isSame(there, leaf)),
  )
}

/** Whether this device has said so already, about an epoch for which it counts still. */
function hasAttested(control: Control, self: string, leaf: Leaf): boolean {
  return [...control.kept.values()].some(
    ({ thing: { device, body } }) =>
      device === self && body.kind === 'attest' && isSame(body.leaf, leaf) && counts(control, leaf, body.about),
  )
}

function counts({ log, view }: Control, leaf: Leaf, about: EpochId): boolean {
  return view.path.includes(about) && quietLeaves(log, about).some((quiet) => isSame(quiet, leaf))
}

function isAttested({ kept }: Control, leaf: Leaf): boolean {
  return [...kept.values()].some(({ thing: { body } }) => body.kind === 'attest' && isSame(body.leaf, leaf))
}

function isSame(a: Leaf, b: Leaf): boolean {
  return a.device === b.device && a.grant === b.grant
}

function wireLeaf({ device, grant }: Leaf): { device: Uint8Array<ArrayBuffer>; grant: Uint8Array<ArrayBuffer> } {
  return { device: fromHex(device) as Uint8Array<ArrayBuffer>, grant: fromHex(grant) as Uint8Array<ArrayBuffer> }
}
