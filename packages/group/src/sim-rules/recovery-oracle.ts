import type { AccountId, DeviceId } from '@sotto/interface'
import type { Thing } from '../rules/thing.ts'
import { foundersOf, grantsDevice, isRecovered, type Evidence } from './evidence.ts'
import type { Statement } from './restoring.ts'

/** Who is in of accounts whose person restored them: the latest restored device, and nothing by those that were lost. */
export function checkRecovery(evidence: Evidence, tree: ReadonlySet<DeviceId>): void {
  const { world, accountOf } = evidence
  const accounts = new Set([...tree].flatMap((device) => accountOf(device)?.id ?? []))
  const restored = latestOf(evidence)
  for (const one of restored) {
    if (accounts.has(one.statement.account.id)) checkPlaces(evidence, one, tree)
  }
  for (const { id } of world.accounts) checkStrikes(evidence, restored, id, accounts)
}

interface Restored {
  readonly statement: Statement
  readonly recover: Thing
}

/** Of each account the latest recover that honest devices know, if its person's honest device said it and never forked. */
function latestOf({ world, known }: Evidence): readonly Restored[] {
  const said = world.statements.flatMap((statement) => {
    const things = known.filter(({ device }) => device === statement.device.id)
    const recover = things.find(({ body }) => body.kind === 'recover')
    return recover === undefined ? [] : [{ statement, recover }]
  })
  return world.accounts.flatMap((account) => {
    const own = said.filter(({ statement }) => statement.account === account)
    const [last] = own.toSorted((a, b) => b.statement.number - a.statement.number)
    return last === undefined || last.statement.device.isEvil ? [] : [last]
  })
}

/** The restored device is in, and no device that was there before it. */
function checkPlaces({ world, known, isBefore }: Evidence, restored: Restored, tree: ReadonlySet<DeviceId>): void {
  const { recover, statement } = restored
  const { account, device } = statement
  for (const other of account.devices) {
    if (other === device || !tree.has(other.id)) continue
    const grants = known.filter((thing) => grantsDevice(thing, account.id, other.id))
    if (!grants.some((grant) => isBefore(recover, grant))) world.fail('lost-still-in', `${other.id} after ${device.id}`)
    const wasThere = grants.some((grant) => isBefore(grant, recover) && isFounding(grant))
    if (wasThere) world.fail('lost-came-back', other.id)
  }
  const hasGivenUp = known.some(({ body, account: by }) => {
    if (by === account.id && body.kind === 'leave') return true
    return body.kind === 'revoke' && body.device === device.id && by === account.id
  })
  if (!hasGivenUp && !tree.has(device.id)) world.fail('restored-not-in', device.id)
}

function isFounding({ body }: Thing): boolean {
  return body.kind === 'create'
}

/** Nobody is in or out by what lost devices did beside the recover. */
function checkStrikes(
  evidence: Evidence,
  restored: readonly Restored[],
  account: AccountId,
  accounts: ReadonlySet<AccountId>,
): void {
  const { world, known, staying, isBefore } = evidence
  const lock = staying[0]?.analysis.lock.node.thing
  const isVoid = (thing: Thing): boolean =>
    (lock === undefined || !isBefore(thing, lock)) &&
    restored.some(({ recover }) => {
      const isBeside = thing !== recover && !isBefore(thing, recover) && !isBefore(recover, thing)
      return isBeside && recover.account === thing.account
    })
  const isFounder = foundersOf(evidence).some((founder) => founder.account === account)
  const inviting = known.filter(
    ({ body }) => (body.kind === 'add' || body.kind === 'appoint') && body.account === account,
  )
  if (accounts.has(account) && !isFounder && inviting.every(isVoid)) world.fail('brought-in-by-lost', account)
  const strikes = known.filter(({ body, account: by }) => {
    return (body.kind === 'remove' && body.account === account) || (body.kind === 'leave' && by === account)
  })
  if (accounts.has(account) || !isFounder || strikes.length === 0 || !strikes.every(isVoid)) return
  if (hasDevice(evidence, restored, account)) world.fail('thrown-out-by-lost', account)
}

/** An honest device that nothing took from its account: the restored one, or a founder's that nobody revoked. */
function hasDevice(evidence: Evidence, restored: readonly Restored[], account: AccountId): boolean {
  const { known, live } = evidence
  const own = restored.find(({ recover }) => recover.account === account)
  const founder = foundersOf(evidence).find((one) => one.account === account)
  const devices = own === undefined ? (founder?.devices ?? []) : [own.recover.device]
  if (own === undefined && isRecovered(evidence, account)) return false
  const isRevoked = (device: DeviceId): boolean =>
    known.some(({ body }) => body.kind === 'revoke' && body.device === device)
  return devices.some((device) => !isRevoked(device) && live.some(({ id }) => id === device))
}
