import { bytesToHex } from '@noble/hashes/utils.js'
import { ok, refuse, type DeviceId, type Random } from '@sotto/interface'
import type { Change } from '../commit.ts'
import type { Member, Verify } from '../members.ts'
import type { GroupResult } from '../reasons.ts'
import { bytesIn, unwrap, wrap } from './codec.ts'
import type { ProcessedBy } from './group.ts'
import { decodeKeyPackage, type KeyPackage } from './key-package.ts'
import { childSecret, generationOfEpoch, stateOf, type SymbolicState } from './state.ts'
import { encodeWelcome } from './welcome.ts'

interface Commit {
  readonly committer: number
  readonly add: readonly string[]
  readonly remove: readonly number[]
  readonly opensGeneration: boolean
  readonly authenticatedData: Uint8Array
}

/** A change to an epoch; the child's secret follows from the parent's and the commit. */
export async function commit(
  random: Random,
  state: SymbolicState,
  change: Change,
  options: { opensGeneration: boolean; authenticatedData?: Uint8Array },
): Promise<GroupResult<{ parent: SymbolicState; child: SymbolicState; commit: Uint8Array; welcome?: Uint8Array }>> {
  const remove: number[] = []
  for (const device of new Set(change.remove)) {
    const member = state.members.find((one) => one.device === device)
    if (member === undefined || member.leafIndex === state.self) return refuse('unknown-member')
    remove.push(member.leafIndex)
  }
  const opensGeneration = options.opensGeneration || remove.length > 0
  const add = (change.add ?? []).map((bytes) => bytesToHex(bytes))
  const bytes = wrap('commit', state.secret, {
    conversation: state.conversation,
    epoch: String(state.epoch),
    committer: state.self,
    add,
    remove,
    opensGeneration,
    authenticatedData: bytesToHex(options.authenticatedData ?? new Uint8Array()),
    chance: bytesToHex(random.bytes(16)),
  })
  const authenticatedData = options.authenticatedData ?? new Uint8Array()
  const said: Commit = { committer: state.self, add, remove, opensGeneration, authenticatedData }
  const next = await membersAfter(state, said, { verify: change.verify, now: change.now })
  if (!next.ok) return next
  const child = childOf(state, said, bytes, next.value.members)
  const { packages } = next.value
  const welcome = packages.length === 0 ? {} : { welcome: encodeWelcome(child, packages) }
  return ok({ parent: state, child, commit: bytes, ...welcome })
}

export async function processCommit(
  parent: SymbolicState,
  bytes: Uint8Array,
  { verify }: { verify: Verify },
): Promise<GroupResult<ProcessedBy<SymbolicState>>> {
  const found = unwrap('commit', bytes)
  if (found === undefined) return refuse('not-a-message')
  if (found.content['conversation'] !== parent.conversation) return refuse('wrong-conversation')
  if (found.content['epoch'] !== String(parent.epoch)) return refuse('wrong-epoch')
  if (!found.isWhole(parent.secret)) return refuse('undecryptable')
  const said = readCommit(found.content)
  const committer = parent.members.find(({ leafIndex }) => leafIndex === said?.committer)
  // As with the real engine: a device never processes what it made itself.
  if (said === undefined || committer === undefined || said.committer === parent.self) return refuse('bad-commit')
  if (said.remove.includes(said.committer)) return refuse('bad-commit')
  if (said.remove.includes(parent.self)) return refuse('removed')
  const next = await membersAfter(parent, said, { verify, now: undefined })
  if (!next.ok) return next
  const removed = parent.members.filter(({ leafIndex }) => said.remove.includes(leafIndex))
  const child = childOf(parent, said, bytes, next.value.members)
  const { opensGeneration, authenticatedData } = said
  return ok({
    child,
    committer: committer.device,
    added: next.value.added,
    removed,
    opensGeneration,
    authenticatedData,
  })
}

function readCommit(content: Readonly<Record<string, unknown>>): Commit | undefined {
  const { committer, add, remove, opensGeneration } = content
  const authenticatedData = bytesIn(content['authenticatedData'])
  if (typeof committer !== 'number' || typeof opensGeneration !== 'boolean' || authenticatedData === undefined)
    return undefined
  if (!Array.isArray(add) || !add.every((one) => typeof one === 'string')) return undefined
  if (!Array.isArray(remove) || !remove.every((one) => typeof one === 'number')) return undefined
  return remove.length > 0 && !opensGeneration
    ? undefined
    : { committer, add, remove, opensGeneration, authenticatedData }
}

/** The members after a change: leaves go first, and newcomers take the leftmost free places (RFC 9420 section 7.7). */
async function membersAfter(
  { members }: SymbolicState,
  { add, remove }: Commit,
  { verify, now }: { verify: Verify | undefined; now: number | undefined },
): Promise<GroupResult<{ members: readonly Member[]; added: readonly Member[]; packages: readonly KeyPackage[] }>> {
  const left = members.filter(({ leafIndex }) => !remove.includes(leafIndex))
  const taken = new Set(left.map(({ leafIndex }) => leafIndex))
  const added: Member[] = []
  const packages: KeyPackage[] = []
  for (const hex of add) {
    const decoded = decodeKeyPackage(bytesIn(hex) ?? new Uint8Array(), now)
    if (!decoded.ok) return decoded
    const { credential, device } = decoded.value
    const identity = await verify?.(credential, device)
    if (identity?.ok !== true || identity.value.device !== bytesToHex(device)) return refuse('bad-credential')
    const id = bytesToHex(device) as DeviceId
    if ([...left, ...added].some((one) => one.device === id)) return refuse('already-member')
    let leafIndex = 0
    while (taken.has(leafIndex)) leafIndex++
    taken.add(leafIndex)
    added.push({ account: identity.value.account, device: id, leafIndex, credential })
    packages.push(decoded.value)
  }
  const all = [...left, ...added].toSorted((a, b) => a.leafIndex - b.leafIndex)
  return ok({ members: all, added: added.toSorted((a, b) => a.leafIndex - b.leafIndex), packages })
}

function childOf(parent: SymbolicState, said: Commit, bytes: Uint8Array, members: readonly Member[]): SymbolicState {
  const secret = childSecret(parent, bytes)
  const { conversation, epoch, self, generationSecret } = parent
  return stateOf({
    conversation,
    epoch: epoch + 1n,
    secret,
    generationSecret: said.opensGeneration ? generationOfEpoch(secret) : generationSecret,
    members,
    self,
  })
}
