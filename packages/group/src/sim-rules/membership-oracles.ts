import type { AccountId, DeviceId } from '@sotto/interface'
import type { Body, Thing } from '../rules/thing.ts'
import { everAdmins, isBesideRecover, isRecovered, type Evidence } from './evidence.ts'
import type { Account } from './world.ts'

/** Who is in at the end, and who ought to be, by what honest people did and malicious ones had no right to. */
export function checkMembership(evidence: Evidence, tree: ReadonlySet<DeviceId>): void {
  const accounts = new Set([...tree].flatMap((device) => evidence.accountOf(device)?.id ?? []))
  checkOwner(evidence, accounts)
  checkAdmins(evidence, accounts)
  checkPowerless(evidence, accounts, tree)
  checkAdded(evidence, accounts)
  checkSeniority(evidence, accounts)
  checkVoid(evidence, accounts)
  checkYes(evidence, accounts)
  checkForks(evidence, tree)
  checkOldest(evidence, accounts, tree)
}

/** Things that an honest owner's devices said, those aside that another of its devices revoked, and what lost ones did. */
function byOwner(evidence: Evidence): readonly Thing[] {
  const { world, known, isHonestOwner } = evidence
  const [owner] = world.accounts
  if (!isHonestOwner || owner === undefined) return []
  const revoked = new Set(known.flatMap(({ body }) => (body.kind === 'revoke' ? [body.device] : [])))
  const isOwned = ({ account, device }: Thing): boolean => account === owner.id && !revoked.has(device)
  return known.filter((thing) => isOwned(thing) && !isBesideRecover(evidence, thing))
}

function checkOwner(evidence: Evidence, accounts: ReadonlySet<AccountId>): void {
  const { world, known, isBefore, isHonestOwner } = evidence
  for (const removal of byOwner(evidence)) {
    const { body } = removal
    if (body.kind !== 'remove' || !accounts.has(body.account)) continue
    const isBack = known.some((other) => adds(other, body.account) && isBefore(removal, other))
    if (!isBack) world.fail('removed-still-in', `${body.account} by ${removal.id}`)
  }
  const [owner] = world.accounts
  if (isHonestOwner && owner !== undefined && !accounts.has(owner.id) && stands(evidence, owner))
    world.fail('owner-thrown-out', owner.id)
}

/** Whom an honest admin of the honest owner removed, against which nobody ever said anything, is out, if it never had a rank or came back. */
function checkAdmins(evidence: Evidence, accounts: ReadonlySet<AccountId>): void {
  const { world, known, isBefore } = evidence
  const appointments = byOwner(evidence).filter(({ body }) => body.kind === 'appoint')
  for (const removal of known) {
    const { body } = removal
    const admin = world.accounts.find(({ id }) => id === removal.account)
    if (body.kind !== 'remove' || !accounts.has(body.account) || admin?.isHonest !== true) continue
    const isAdmin = appointments.some((one) => appoints(one, admin.id) && isBefore(one, removal))
    const isBack = known.some((other) => adds(other, body.account) && !isBefore(other, removal))
    if (!isAdmin || isBack || known.some((other) => appoints(other, body.account))) continue
    if (!known.some((other) => isAgainstAccount(other, admin.id))) world.fail('removed-by-an-admin', body.account)
  }
}

/** Whether a thing takes anything from an account or one of its devices: what it did beside it may be void. */
function isAgainstAccount({ body, account: by }: Thing, account: AccountId): boolean {
  if (body.kind === 'remove' || body.kind === 'demote') return body.account === account
  return by === account && (body.kind === 'leave' || body.kind === 'revoke' || body.kind === 'recover')
}

function appoints({ body }: Thing, account: AccountId): boolean {
  return body.kind === 'appoint' && body.account === account
}

function adds({ body }: Thing, account: AccountId): boolean {
  return body.kind === 'add' && body.account === account
}

/** Whether an honest founder has a device that no other one of its account revoked, and has not left. */
function stands(evidence: Evidence, account: Account): boolean {
  const { world, known, live } = evidence
  // Then the restored device stands for it: recovery-oracle.ts.
  if (isRecovered(evidence, account.id)) return false
  const create = world.arena.nodes[0]?.thing.body
  const founder = create?.kind === 'create' ? create.founders.find((one) => one.account === account.id) : undefined
  if (founder === undefined || !account.isHonest) return false
  if (known.some(({ body, account: by }) => body.kind === 'leave' && by === account.id)) return false
  const revoked = new Set(
    known.flatMap(({ body, account: by }) => (body.kind === 'revoke' && by === account.id ? [body.device] : [])),
  )
  return founder.devices.some((device) => !revoked.has(device) && live.some(({ id }) => id === device))
}

/** Those who never had a rank put nobody in and nobody out. */
function checkPowerless(evidence: Evidence, accounts: ReadonlySet<AccountId>, tree: ReadonlySet<DeviceId>): void {
  const { world, known, staying } = evidence
  const admins = everAdmins(evidence)
  const create = world.arena.nodes[0]?.thing.body
  const founders = new Set(create?.kind === 'create' ? create.founders.map(({ account }) => account) : [])
  for (const account of accounts)
    if (!founders.has(account) && !known.some((thing) => adds(thing, account) && admins.has(thing.account)))
      world.fail('added-by-a-member', account)
  for (const account of world.accounts) {
    if (accounts.has(account.id) || !stands(evidence, account)) continue
    const isRemoved = known.some(
      ({ body, account: by }) => body.kind === 'remove' && body.account === account.id && admins.has(by),
    )
    if (!isRemoved && staying.length > 0) world.fail('thrown-out-by-members', `${account.id} of ${tree.size}`)
  }
}

/** Whom the honest owner added after everything that was said against them is in. */
function checkAdded(evidence: Evidence, accounts: ReadonlySet<AccountId>): void {
  const { world, known, isBefore } = evidence
  for (const addition of byOwner(evidence)) {
    const { body } = addition
    if (body.kind !== 'add' || accounts.has(body.account)) continue
    const account = world.accounts.find(({ id }) => id === body.account)
    const against = known.filter((thing) => isAgainst(thing, body))
    // Silence, a revocation among its own, or a fork take devices, not the account: then no honest device of it is left to be in.
    const hasDevice = evidence.live.some((device) => device.account === account && body.devices.includes(device.id))
    if (
      account?.isHonest === true &&
      hasDevice &&
      !isRecovered(evidence, account.id) &&
      against.every((thing) => isBefore(thing, addition))
    )
      world.fail('added-not-in', `${body.account} by ${addition.id}`)
  }
}

function isAgainst({ body, account }: Thing, addition: Body & { kind: 'add' }): boolean {
  if (body.kind === 'remove') return body.account === addition.account
  if (body.kind === 'leave') return account === addition.account
  return body.kind === 'revoke' && addition.devices.includes(body.device) && account === addition.account
}

/** An honest admin whom the owner appointed is not removed by those whom the owner did not. */
function checkSeniority(evidence: Evidence, accounts: ReadonlySet<AccountId>): void {
  const { world, known, isBefore } = evidence
  const owned = byOwner(evidence)
  const appointments = owned.filter(({ body }) => body.kind === 'appoint')
  for (const account of world.accounts.slice(1)) {
    if (accounts.has(account.id) || !stands(evidence, account)) continue
    const own = appointments.filter(({ body }) => body.kind === 'appoint' && body.account === account.id)
    const removals = known.filter(
      ({ body }) => (body.kind === 'remove' || body.kind === 'demote') && body.account === account.id,
    )
    const isJunior = ({ account: by }: Thing): boolean =>
      by !== world.accounts[0]?.id && !known.some((one) => one.account === world.accounts[0]?.id && appoints(one, by))
    const isLater = (removal: Thing): boolean => own.some((one) => isBefore(one, removal))
    if (removals.length > 0 && removals.every((one) => isJunior(one) && isLater(one)))
      world.fail('senior-thrown-out', account.id)
  }
}

/** What somebody did whom the honest owner removed or demoted, and neither knew of the other, puts nobody in or out. */
function checkVoid(evidence: Evidence, accounts: ReadonlySet<AccountId>): void {
  const { world, known, isBefore, staying } = evidence
  const owned = byOwner(evidence)
  const lock = staying[0]?.analysis.lock.node.thing
  const isVoid = (thing: Thing): boolean =>
    owned.some(
      (strike) =>
        (strike.body.kind === 'remove' || strike.body.kind === 'demote') &&
        strike.body.account === thing.account &&
        !isBefore(thing, strike) &&
        !known.some((other) => restores(other, thing.account) && isBefore(strike, other)) &&
        (lock === undefined || !isBefore(thing, lock)),
    )
  for (const account of world.accounts.slice(1)) {
    const additions = known.filter((thing) => adds(thing, account.id))
    const removals = known.filter(({ body }) => body.kind === 'remove' && body.account === account.id)
    if (!accounts.has(account.id) && stands(evidence, account) && removals.length > 0 && removals.every(isVoid))
      world.fail('thrown-out-by-void', account.id)
    const isFounder = additions.length === 0
    // Who appoints somebody says that it is in, too.
    const inviting = [...additions, ...known.filter((thing) => appoints(thing, account.id))]
    if (accounts.has(account.id) && !isFounder && !foundedBy(evidence, account) && inviting.every(isVoid))
      world.fail('brought-in-by-void', account.id)
  }
}

function foundedBy({ world }: Evidence, account: Account): boolean {
  const create = world.arena.nodes[0]?.thing.body
  return create?.kind === 'create' && create.founders.some((one) => one.account === account.id)
}

function restores({ body }: Thing, account: AccountId): boolean {
  return (body.kind === 'appoint' || body.kind === 'add') && body.account === account
}

/** Who left and has not said yes since is not in. */
function checkYes(evidence: Evidence, accounts: ReadonlySet<AccountId>): void {
  const { world, known, things } = evidence
  for (const account of world.accounts) {
    if (!account.isHonest || !accounts.has(account.id)) continue
    const left = known.filter((thing) => {
      const isLeave = thing.body.kind === 'leave' && thing.account === account.id
      return isLeave && isUndoubted(evidence, thing.device) && !isBesideRecover(evidence, thing)
    })
    const removed = byOwner(evidence).filter(({ body }) => body.kind === 'remove' && body.account === account.id)
    const last = Math.max(-1, ...[...left, ...removed].map((thing) => things.indexOf(thing)))
    const yes = world.acceptances.filter((one) => one.account === account)
    if (last >= 0 && !yes.some(({ madeAt }) => madeAt > last)) world.fail('back-without-a-yes', account.id)
  }
}

/** A device that was not revoked, and that a founding or somebody whom nobody ever acted against brought in. */
function isUndoubted({ world, known }: Evidence, device: DeviceId): boolean {
  if (known.some(({ body }) => body.kind === 'revoke' && body.device === device)) return false
  const doubted = new Set(
    known.flatMap(({ body }) => (body.kind === 'remove' || body.kind === 'demote' ? [body.account] : [])),
  )
  return known.some(({ body, account, device: by }) => {
    if (body.kind === 'create') return body.founders.some(({ devices }) => devices.includes(device))
    const isGranted =
      body.kind === 'add' ? body.devices.includes(device) : body.kind === 'grant' && body.device === device
    const isHonest = world.devices.some((one) => one.id === by && !one.isEvil)
    return isGranted && isHonest && !doubted.has(account)
  })
}

/** Who made two things on one seq is not in. */
function checkForks({ world, known }: Evidence, tree: ReadonlySet<DeviceId>): void {
  const seen = new Set<string>()
  for (const { device, seq } of known) {
    const slot = `${device} ${seq}`
    if (seen.has(slot) && tree.has(device)) world.fail('forked-still-in', slot)
    seen.add(slot)
  }
}

/** The oldest device of a founder's account, honest and never forked, is not put out by younger ones that were stolen. */
function checkOldest(evidence: Evidence, accounts: ReadonlySet<AccountId>, tree: ReadonlySet<DeviceId>): void {
  const { world, known, staying } = evidence
  const create = known[0]?.body
  if (create?.kind !== 'create') return
  for (const { account, devices } of create.founders) {
    const [oldest] = devices
    const device = world.devices.find(({ id }) => id === oldest)
    if (device === undefined || device.isEvil || !accounts.has(account) || tree.has(device.id)) continue
    const hasGivenUp = known.some(
      ({ body, device: by }) =>
        by === device.id && (body.kind === 'leave' || (body.kind === 'revoke' && body.device === by)),
    )
    // An account that was out and came back is in with the devices that it named then.
    const wasOut = known.some(
      ({ body, account: by }) =>
        (body.kind === 'remove' && body.account === account) || (body.kind === 'leave' && by === account),
    )
    if (!hasGivenUp && !wasOut && !isRecovered(evidence, account) && staying.length > 0)
      world.fail('oldest-put-out', device.id)
  }
}
