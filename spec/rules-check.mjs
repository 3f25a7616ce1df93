// A second reading of group.md sections 7 to 11, in plain sets and nothing of the engine. Slow and short on purpose.
//
//     node spec/rules-check.mjs spec/vectors/rules.json
//
// says for every case of a vector file whether this reading comes to what the file says. Exit status 1 if one differs.
import { readFileSync } from 'node:fs'
import { argv, exit, stdout } from 'node:process'
import {
  age,
  differences,
  grantsOf,
  half,
  leafName,
  rankOrder,
  sameLists,
  siblings,
  standing,
  text,
} from './rules-order.mjs'
import { bindsLost, isIdle, mayRecover, mayRule, revokedIn } from './rules-authority.mjs'

const RANKED = new Set(['remove', 'demote', 'appoint', 'add', 'rename'])
const CLAIMS = new Set(['attest', 'stale', 'stuck'])
const OWN = new Set(['leave', 'grant', 'revoke'])
const NO_INTENT = new Set(['create', 'commit', 'ack'])

/** Reads things, each after all that it names. Answers what the whole set means, and which things count by their own past. */
export function read(list) {
  const made = new Map() // id -> what its own past says about a thing
  const meanings = new Map()
  const create = list[0]

  const meaningOf = (past) => {
    const key = [...past].toSorted(text).join()
    if (!meanings.has(key)) meanings.set(key, workOut(past))
    return meanings.get(key)
  }
  const pathOf = (epoch) => {
    const path = []
    for (let at = epoch; at; at = at.parent) path.unshift(at)
    return path
  }
  const isFrom = (epoch, ancestor) => pathOf(epoch)[ancestor.depth] === ancestor
  const better = (a, b) => {
    if (isFrom(a, b)) return a
    if (isFrom(b, a)) return b
    const [left, right] = [pathOf(a), pathOf(b)]
    const i = left.findIndex((epoch, depth) => epoch !== right[depth])
    return siblings(left[i], right[i]) < 0 ? a : b
  }
  const majority = ({ voters }, says) => half(voters, (devices) => half(devices, says))

  /** Section 8. */
  function workOut(K) {
    const all = [...K].map((id) => made.get(id))
    const first = made.get(create.id).epoch
    const forks = forksOf(all)
    const locking = all.filter((x) => x.seq < (forks.get(x.device) ?? Infinity))
    const m = { all, K, forks, lock: locking.reduce((lock, x) => better(lock, x.lock), first) }
    m.latest = new Map()
    m.entered = new Map()
    for (const x of all) {
      const last = (map) => {
        const there = map.get(x.device)
        if (!there || there.seq < x.seq || (there.seq === x.seq && there.id < x.id)) map.set(x.device, x)
      }
      last(m.latest)
      if (x.kind === 'create' || (x.ok && (x.kind === 'ack' || x.kind === 'commit'))) last(m.entered)
    }
    for (;;) {
      holds(m)
      wanted(m)
      m.tip = tipOf(m)
      const path = pathOf(m.tip)
      const isAgreed = (e) => e.tree.map(deviceOf).every((device) => !m.forks.has(device) && hasNamed(m, device, e))
      m.agreed = path.findLast(isAgreed) ?? first
      const isKnown = (e) => e.tree.every((leaf) => isShown(m.latest.get(deviceOf(leaf)), e))
      m.final = path.findLast((e) => isFrom(m.agreed, e) && isKnown(e)) ?? first
      if (m.agreed === m.lock || !isFrom(m.agreed, m.lock)) return m
      m.lock = m.agreed
    }
  }
  const deviceOf = (leaf) => leaf.split('@')[0]
  const names = (x, epoch) => x && x.isTrue && isFrom(x.tip, epoch)
  const hasNamed = (m, device, epoch) => names(m.latest.get(device), epoch) && names(m.entered.get(device), epoch)
  const isShown = (x, epoch) => x && isFrom(x.agreed, epoch)

  function forksOf(all) {
    const forks = new Map()
    const fork = ({ device, seq }) => forks.set(device, Math.min(seq, forks.get(device) ?? seq))
    for (const x of all) if (x.breaks || all.some((y) => y !== x && y.device === x.device && y.seq === x.seq)) fork(x)
    return forks
  }
  const isForked = (m, x) => x.seq >= (m.forks.get(x.device) ?? Infinity)

  /** Section 9, intents that hold. */
  function holds(m) {
    const turn = ({ kind }) => (kind === 'recover' ? 0 : OWN.has(kind) ? 1 : RANKED.has(kind) ? 2 : 3)
    const order = (a, b) => turn(a) - turn(b) || (RANKED.has(a.kind) ? rankOrder(a.rank, b.rank) : age(a.age, b.age))
    const isIntent = (x) => x.ok && !NO_INTENT.has(x.kind)
    m.valid = new Set([create.id, ...m.lock.valid])
    for (const i of m.all.filter(isIntent).toSorted(order)) {
      if (isForked(m, i) || m.valid.has(i.id)) continue
      const rests = RANKED.has(i.kind) ? m.valid.has(i.cap) : !CLAIMS.has(i.kind) || m.valid.has(i.add)
      if (!rests || valids(m).some((r) => binds(r, i, m))) continue
      m.valid.add(i.id)
      if (i.kind === 'appoint') m.valid.add(i.gives.add)
    }
  }
  const valids = (m) => [...m.valid].map((id) => made.get(id))
  const lies = (id, grant) => grant !== undefined && made.get(grant).past.has(id)
  function binds(r, i, m) {
    if (r.past.has(i.id) || i.kind === 'recover') return false
    if (r.kind === 'recover') return bindsLost(valids(m), r, i)
    if (r.kind === 'leave' && RANKED.has(i.kind) && age(i.age, r.age) < 0) return false
    if ((r.kind === 'remove' && r.body.account === i.account) || (r.kind === 'leave' && r.account === i.account))
      return !OWN.has(i.kind) && !lies(r.id, i.add)
    if (r.kind === 'demote') return r.body.account === i.account && RANKED.has(i.kind) && !lies(r.id, i.cap)
    return r.kind === 'revoke' && r.body.device === i.device && !isIdle(valids(m), r)
  }

  /** Section 9, who should be in. */
  function wanted(m) {
    const valid = valids(m)
    const against = (account, ...kinds) =>
      valid.filter((r) => kinds.includes(r.kind) && (r.kind === 'leave' ? r.account : r.body.account) === account)
    m.seats = new Map()
    const placed = create.body.founders.map(({ account }, place) => ({ account, add: made.get(create.id), place }))
    const added = valid.filter((x) => x.kind === 'add').map((add) => ({ account: add.body.account, add, place: 0 }))
    for (const seat of [...placed, ...added]) {
      const { account, add } = seat
      const before = m.seats.get(account)
      const isOut = against(account, 'remove', 'leave').some((r) => !add.past.has(r.id))
      if (!isOut && !(before && standing(before.add, add) > 0)) m.seats.set(account, seat)
    }
    for (const seat of m.seats.values()) {
      const ranks = valid.filter((x) => x.gives && x.body.account === seat.account && x.gives.add === seat.add.id)
      const given = ranks.map((x) => ({ by: x, rank: x.gives.rank }))
      if (create.body.is === 'group' && seat.add.id === create.id && seat.place === 0)
        given.push({ by: seat.add, rank: [] })
      const demotes = against(seat.account, 'demote')
      const stands = ({ by, rank }) => !demotes.some((r) => !by.past.has(r.id) && rankOrder(r.rank, rank) < 0)
      const [best] = given.filter(stands).toSorted((a, b) => rankOrder(a.rank, b.rank))
      seat.rank = best?.rank
      seat.cap = best?.by ?? seat.add
    }
    m.ages = new Map()
    const newest = new Map()
    for (const grant of valid.flatMap((x) => x.grants)) {
      const { device, account, by } = grant
      if (!m.ages.has(device) || age(grant, m.ages.get(device)) < 0) m.ages.set(device, grant)
      const seat = m.seats.get(account)
      if (!seat || (seat.add.id !== by && !made.get(by).past.has(seat.add.id))) continue
      if (!newest.has(device) || age(newest.get(device), grant) < 0) newest.set(device, grant)
    }
    m.revoked = revokedIn(valid, made)
    m.stale = new Set(valid.filter((r) => r.kind === 'stale').map((r) => leafName(r.body.leaf)))
    const name = (device) => leafName({ device, grant: newest.get(device).by })
    const stands = (device) => !m.revoked.has(device) && !m.forks.has(device) && !m.stale.has(name(device))
    const first = [...newest.keys()].filter(stands).toSorted((a, b) => age(newest.get(a), newest.get(b)))
    m.leaves = new Map(first.slice(0, 512).map((device) => [device, name(device)]))
    const [title] = valid.filter((x) => x.kind === 'rename').toSorted((a, b) => standing(b, a))
    m.title = (title ?? create).body.title
  }

  /** Section 10. */
  function tipOf(m) {
    const standing = (epoch) => {
      const children = m.all.flatMap((x) =>
        x.epoch && x.epoch.parent === epoch && !isVoid(m, x.epoch) ? [x.epoch] : [],
      )
      return children.toSorted(siblings)
    }
    const hasWanted = ({ tree }) => tree.some((leaf) => m.leaves.has(deviceOf(leaf)))
    const isAlive = (epoch) => hasWanted(epoch) || standing(epoch).some(isAlive)
    const counts = isAlive(m.lock) ? isAlive : () => true
    for (let tip = m.lock; ;) {
      const next = standing(tip).find(counts)
      if (!next) return tip
      tip = next
    }
  }
  function isVoid(m, epoch) {
    const c = epoch.by
    const wantedNow = new Set(m.leaves.values())
    const own = epoch.parent.tree.find((leaf) => deviceOf(leaf) === c.device)
    const takes = (r) => r.kind === 'stale' && leafName(r.body.leaf) === own && !r.past.has(c.id) && !c.past.has(r.id)
    if (isForked(m, c) || epoch.removed.some((leaf) => wantedNow.has(leaf))) return true
    if (valids(m).some((r) => takes(r) || binds(r, c, m))) return true
    const stuck = valids(m).filter((x) => x.kind === 'stuck' && x.body.commit === c.id)
    if (stuck.length === 0) return false
    const isSenior = (x) => rankOrder(x.rank, c.rank) < 0 || (x.account === c.account && age(x.age, c.age) < 0)
    const devices = new Set(stuck.map((x) => x.device))
    return !m.leaves.has(c.device) || stuck.some(isSenior) || majority(epoch, (device) => devices.has(device))
  }

  /** Section 11, silence. */
  function isSilent(m, leaf) {
    const device = deviceOf(leaf)
    const path = pathOf(m.tip)
    const isHidden = (e) => isFrom(m.agreed, e) && !isShown(m.latest.get(device), e)
    const says = valids(m).filter((x) => x.kind === 'attest' && leafName(x.body.leaf) === leaf)
    const yes = new Set(
      says
        .filter((x) => path.includes(x.about) && (!hasNamed(m, device, x.about) || isHidden(x.about)))
        .map((x) => x.device),
    )
    return path.slice(m.lock.depth).every((e) => majority(e, (one) => yes.has(one)))
  }

  /** Section 9, well-formed. */
  function isWellFormed(t, m, x) {
    const { body } = t
    const seat = m.seats.get(t.account)
    if (!seat || t.epoch !== m.tip.id || t.lamport !== x.lamport || x.breaks) return false
    if (body.kind === 'ack') return true
    if (body.kind === 'grant') {
      const before = m.ages.get(body.device)
      if (m.forks.has(body.device) || m.revoked.has(body.device) || (before && before.account !== t.account))
        return false
      return m.leaves.has(t.device) || (body.device === t.device && before !== undefined)
    }
    if (body.kind === 'recover') return mayRecover(t, m.all, m.ages.get(t.device))
    if (!m.leaves.has(t.device)) return false
    if (RANKED.has(body.kind)) return seat.rank !== undefined && mayRule(t, m, seat)
    const tree = m.tip.tree
    switch (body.kind) {
      case 'leave':
        return true
      case 'revoke': {
        const [own, other] = [m.ages.get(t.device), m.ages.get(body.device)]
        return other?.account === t.account && (body.device === t.device || age(own, other) < 0)
      }
      case 'commit': {
        const taken = m.all.some((y) => y.epoch?.id === body.child)
        return !taken && sameLists(changeOf(m, t.device), body)
      }
      case 'attest':
        return (
          body.leaf.device !== t.device &&
          isGranted(m, body.leaf) &&
          x.about?.tree.includes(leafName(body.leaf)) === true
        )
      case 'stale':
        return isGranted(m, body.leaf) && isSilent(m, leafName(body.leaf))
      case 'stuck': {
        const c = m.K.has(body.commit) ? made.get(body.commit) : undefined
        if (c?.kind !== 'commit' || !c.epoch || c.device === t.device) return false
        const own = c.epoch.tree.find((leaf) => deviceOf(leaf) === t.device)
        return own !== undefined && c.epoch.parent.tree.includes(own)
      }
      default:
        return tree === undefined
    }
  }
  const isGranted = (m, { device, grant }) =>
    m.K.has(grant) && made.get(grant).grants.some((one) => one.device === device)

  function changeOf(m, device) {
    const own = m.tip.tree.find((leaf) => deviceOf(leaf) === device)
    if (own === undefined || !m.leaves.has(device)) return undefined
    const next = [...m.leaves].map(([one, leaf]) => (one === device ? own : leaf))
    const added = next.filter((leaf) => !m.tip.tree.includes(leaf)).toSorted(text)
    const removed = m.tip.tree.filter((leaf) => !next.includes(leaf)).toSorted(text)
    return { added: removed.length > 256 ? [] : added.slice(0, 256), removed: removed.slice(0, 256) }
  }
  function votersOf(tree, m) {
    const byAccount = new Map()
    for (const leaf of tree) {
      const [device, grant] = leaf.split('@')
      const one = made.get(grant).grants.find((granted) => granted.device === device)
      byAccount.set(one.account, [...(byAccount.get(one.account) ?? []), one])
    }
    const seniority = ([a], [b]) => {
      const [left, right] = [m.seats.get(a), m.seats.get(b)]
      return rankOrder(left.rank, right.rank) || standing(left.add, right.add) || left.place - right.place
    }
    const older = (a, b) => age(m.ages.get(a.device) ?? a, m.ages.get(b.device) ?? b) || text(a.device, b.device)
    const voting = [...byAccount].filter(([account]) => m.seats.has(account))
    return voting.toSorted(seniority).map(([, leaves]) => leaves.toSorted(older).map(({ device }) => device))
  }

  /** Takes in the next thing. */
  function take(t) {
    const past = new Set()
    for (const id of [...t.deps, ...(t.prev ? [t.prev] : [])])
      for (const one of [id, ...made.get(id).past]) past.add(one)
    const m = meaningOf(past)
    const prev = t.prev && made.get(t.prev)
    const lamport = Math.max(0, ...[...past].map((id) => made.get(id).lamport)) + 1
    const seat = m.seats.get(t.account)
    const x = {
      id: t.id,
      account: t.account,
      device: t.device,
      seq: t.seq,
      kind: t.body.kind,
      body: t.body,
      lamport,
      past,
      tip: m.tip,
      lock: m.lock,
      agreed: m.agreed,
      isTrue: t.epoch === m.tip.id,
      breaks: prev ? prev.device !== t.device || prev.seq + 1 !== t.seq : t.seq !== 1,
      rank: seat?.rank,
      add: seat?.add.id,
      cap: seat?.cap.id,
      age: m.ages.get(t.device) ?? { lamport, id: t.id, place: 0 },
      grants: grantsOf(t, lamport),
      about: t.body.kind === 'attest' ? pathOf(m.tip).findLast(({ id }) => id === t.body.about) : undefined,
    }
    x.ok = isWellFormed(t, m, x)
    if (t.body.kind === 'appoint') {
      const other = m.seats.get(t.body.account)
      if (other) x.gives = { rank: [...(x.rank ?? []), { lamport, id: t.id }], add: other.add.id }
    }
    made.set(t.id, x)
    if (x.ok && t.body.kind === 'commit') {
      const { added, removed } = changeOf(m, t.device)
      const tree = [...m.tip.tree.filter((leaf) => !removed.includes(leaf)), ...added]
      const valid = [...m.valid]
      x.epoch = {
        id: t.body.child,
        by: x,
        parent: m.tip,
        depth: m.tip.depth + 1,
        tree,
        removed,
        valid,
        voters: votersOf(tree, m),
      }
    }
  }
  function begin(t) {
    const grants = grantsOf(t, 1)
    const tree = grants.map(({ device }) => leafName({ device, grant: t.id }))
    const x = { ...t, kind: 'create', past: new Set(), grants, ok: true, isTrue: true, breaks: false, rank: undefined }
    x.age = grants.find(({ device }) => device === t.device)
    x.epoch = { id: t.body.child, by: x, parent: undefined, depth: 0, tree, removed: [], valid: [] }
    Object.assign(x, { tip: x.epoch, lock: x.epoch, agreed: x.epoch })
    made.set(t.id, x)
    const m = { lock: x.epoch, all: [x], K: new Set([t.id]), forks: new Map() }
    holds(m)
    wanted(m)
    x.epoch.voters = votersOf(tree, m)
  }

  begin(create)
  for (const t of list.slice(1)) take(t)
  const m = meaningOf(new Set(list.map(({ id }) => id)))
  const role = (rank) => (rank ? (rank.length === 0 ? 'owner' : 'admin') : 'member')
  const seniority = (a, b) => rankOrder(a.rank, b.rank) || standing(a.add, b.add) || a.place - b.place
  return {
    title: m.title,
    tip: m.tip.id,
    path: pathOf(m.tip).map(({ id }) => id),
    final: m.final.id,
    accounts: [...m.seats.values()].toSorted(seniority).map(({ account, rank }) => `${account} ${role(rank)}`),
    desired: [...m.leaves.values()].toSorted(text),
    tree: [...m.tip.tree].toSorted(text),
    forked: [...m.forks.keys()].toSorted(text),
    valid: valids(m)
      .map(({ id }) => id)
      .toSorted(text),
    countsForNothing: list.filter(({ id }) => !made.get(id).ok).map(({ id }) => id),
  }
}

export { differences }

if (argv[1] === import.meta.filename) {
  let wrong = 0
  for (const path of argv.slice(2)) {
    for (const { name, things, means } of JSON.parse(readFileSync(path, 'utf8')).cases) {
      const found = differences(read(things), means)
      if (found.length > 0) wrong++
      stdout.write(`${found.length === 0 ? 'same' : `DIFFERS in ${found.join(', ')}`}: ${name}\n`)
    }
  }
  exit(wrong === 0 ? 0 : 1)
}
