// Who may rule and what recovers do (group.md section 9), for rules-check.mjs. `valid` are the valid things of a set.
import { rankOrder } from './rules-order.mjs'

/** Whether a remove, demote, appoint, add or rename by somebody with a rank is well-formed. */
export function mayRule({ body }, m, seat) {
  const other = m.seats.get(body.account)
  if (body.kind === 'rename') return true
  if (body.kind === 'appoint') return other !== undefined && other.rank === undefined
  if (body.kind === 'add') {
    const isUsed = m.all.some((y) => y.ok && y.kind === 'add' && y.body.acceptance === body.acceptance)
    return (
      !other &&
      m.seats.size < 256 &&
      !isUsed &&
      body.devices.length > 0 &&
      new Set(body.devices).size === body.devices.length
    )
  }
  if (!other || (body.kind === 'demote' && other.rank === undefined)) return false
  return rankOrder(seat.rank, other.rank) < 0
}

/** Whether the first of two recovers of one account is the later one. */
const isLater = (a, b) => a.body.number > b.body.number || (a.body.number === b.body.number && a.id > b.id)
const recoversOf = (valid, account) => valid.filter((r) => r.kind === 'recover' && r.account === account)
/** Whether a past has a recover or a later one. */
const standsOn = (valid, past, r) =>
  recoversOf(valid, r.account).some((s) => (s === r || isLater(s, r)) && past.has(s.id))

export const bindsLost = (valid, r, i) => r.account === i.account && !standsOn(valid, i.past, r)
export const isIdle = (valid, revoke) =>
  recoversOf(valid, revoke.account).some((s) => s.device === revoke.body.device && !revoke.past.has(s.id))

/** Devices that never come back; `made` has what is known of every thing by its id. */
export function revokedIn(valid, made) {
  const revoked = new Set(valid.filter((r) => r.kind === 'revoke' && !isIdle(valid, r)).map((r) => r.body.device))
  for (const { device, account, by } of valid.flatMap((x) => x.grants)) {
    const recovers = recoversOf(valid, account)
    const own = recovers.find((r) => r.device === device)
    const isOut = (r) => (own ? isLater(r, own) : !standsOn(valid, made.get(by).past, r))
    if (recovers.some(isOut)) revoked.add(device)
  }
  return revoked
}

/** Whether a recover is well-formed in a set whose things are `all`, beyond what holds for every thing. */
export function mayRecover({ account, device, body }, all, before) {
  const known = all.filter((y) => y.ok && y.kind === 'recover' && y.account === account)
  if (known.length >= 64 || known.some((y) => y.body.number >= body.number)) return false
  return !all.some((y) => y.device === device) && (!before || before.account === account)
}

/** Whether a log may begin with a create (section 7). */
export function mayBegin({ account, device, epoch, seq, prev, deps, lamport, body: { is, founders, child } }) {
  const [accounts, devices] = [founders.map((one) => one.account), founders.flatMap((one) => one.devices)]
  const isNoneTwice = (list) => new Set(list).size === list.length
  return (
    seq === 1 &&
    lamport === 1 &&
    prev === undefined &&
    deps.length === 0 &&
    epoch === child &&
    founders.every((one) => one.devices.length > 0) &&
    isNoneTwice(accounts) &&
    isNoneTwice(devices) &&
    accounts[0] === account &&
    devices.includes(device) &&
    (is !== 'pair' || accounts.length === 2) &&
    (is !== 'self' || accounts.length === 1)
  )
}
