import type { AccountId, DeviceId } from '@sotto/interface'
import type { Epoch } from '../rules/epoch.ts'
import type { Founder, Thing } from '../rules/thing.ts'
import type { Account, Device, World } from './world.ts'

/**
 * What the oracles go by: the signed things themselves, who is honest, and what happened in the world. Nothing here asks the rules: pasts are
 * computed anew, trees by replaying what commits say they add and remove.
 */
export interface Evidence {
  readonly world: World
  readonly things: readonly Thing[]
  /** Honest devices that hold any state. */
  readonly live: readonly Device[]
  /** Of those, who should be in by everything that they know together. */
  readonly staying: readonly Device[]
  /** Things that honest devices know. */
  readonly known: readonly Thing[]
  readonly isHonestOwner: boolean
  /** Whether the first thing lies in the past of the second. */
  isBefore(first: Thing, second: Thing): boolean
  accountOf(device: DeviceId): Account | undefined
}

/** Pasts of things as sets of bits, by position. */
export function pastsOf(things: readonly Thing[]): ReadonlyMap<Thing, bigint> {
  const at = new Map(things.map((thing, index) => [thing.id, index]))
  const pasts = new Map<Thing, bigint>()
  for (const thing of things) {
    let past = 0n
    for (const id of [...thing.deps, ...(thing.prev === undefined ? [] : [thing.prev])]) {
      const index = at.get(id)
      const other = index === undefined ? undefined : things[index]
      if (index !== undefined && other !== undefined) past |= (pasts.get(other) ?? 0n) | (1n << BigInt(index))
    }
    pasts.set(thing, past)
  }
  return pasts
}

/** The accounts that the create names. */
export function foundersOf({ things }: Pick<Evidence, 'things'>): readonly Founder[] {
  const create = things[0]?.body
  return create?.kind === 'create' ? create.founders : []
}

/** Whether a thing says that a device of an account may come in. */
export function grantsDevice({ body, account: by }: Thing, account: AccountId, device: DeviceId): boolean {
  if (body.kind === 'create')
    return body.founders.some((one) => one.account === account && one.devices.includes(device))
  if (body.kind === 'add') return body.account === account && body.devices.includes(device)
  return body.kind === 'grant' && by === account && body.device === device
}

/** Whether a thing was made beside a recover of its account, neither knowing of the other: it counts for nothing then. */
export function isBesideRecover({ known, isBefore }: Pick<Evidence, 'known' | 'isBefore'>, thing: Thing): boolean {
  return known.some((other) => {
    const isRecover = other.body.kind === 'recover' && other.account === thing.account && other !== thing
    return isRecover && !isBefore(thing, other) && !isBefore(other, thing)
  })
}

/** Whether an account was restored, by whomever. */
export function isRecovered({ known }: Pick<Evidence, 'known'>, account: AccountId): boolean {
  return known.some((thing) => thing.body.kind === 'recover' && thing.account === account)
}

/** The devices of an epoch's tree: what the create says, then what each commit says it changes. */
export function treeOf(epoch: Epoch): ReadonlySet<DeviceId> {
  const { body } = epoch.node.thing
  if (body.kind === 'create') return new Set(body.founders.flatMap(({ devices }) => devices))
  if (body.kind !== 'commit' || epoch.parent === undefined) return new Set()
  const tree = new Set(treeOf(epoch.parent))
  for (const leaf of body.removed) tree.delete(leaf.device)
  for (const leaf of body.added) tree.add(leaf.device)
  return tree
}

/** Accounts that may ever have had a rank: the owner, and whoever was appointed by one of these. */
export function everAdmins({ things }: Pick<Evidence, 'things'>): ReadonlySet<AccountId> {
  const admins = new Set<AccountId>()
  const create = things[0]?.body
  if (create?.kind !== 'create' || create.is !== 'group') return admins
  const [owner] = create.founders
  if (owner !== undefined) admins.add(owner.account)
  for (const { body, account } of things) if (body.kind === 'appoint' && admins.has(account)) admins.add(body.account)
  return admins
}

/** Whether one epoch is the other or comes from it, step by step. */
export function descends(epoch: Epoch, ancestor: Epoch): boolean {
  for (let at: Epoch | undefined = epoch; at !== undefined; at = at.parent) if (at === ancestor) return true
  return false
}
