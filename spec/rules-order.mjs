// Orders of group.md sections 9 and 10, and what a thing grants, for rules-check.mjs.

export const text = (a, b) => (a === b ? 0 : a < b ? -1 : 1)
export const standing = (a, b) => a.lamport - b.lamport || text(a.id, b.id)
export const age = (a, b) => standing(a, b) || a.place - b.place
export const leafName = ({ device, grant }) => `${device}@${grant}`

/** Section 9: negative when a is senior. */
export function rankOrder(a, b) {
  if (!a || !b) return (a ? 0 : 1) - (b ? 0 : 1)
  if (a.length !== b.length) return a.length - b.length
  for (const [i, step] of a.entries()) if (standing(step, b[i]) !== 0) return standing(step, b[i])
  return 0
}

/** Section 10: the order of two epochs of one parent. */
export const siblings = (a, b) =>
  Number(a.removed.length === 0) - Number(b.removed.length === 0) ||
  rankOrder(a.by.rank, b.by.rank) ||
  age(a.by.age, b.by.age) ||
  a.by.seq - b.by.seq ||
  text(a.by.id, b.by.id)

export const half = (all, says) => {
  const yes = all.filter(says).length * 2
  return all.length > 0 && (yes > all.length || (yes === all.length && says(all[0])))
}

/** The leaves that a thing with this lamport grants. */
export function grantsOf({ id, account, device, body }, lamport) {
  const grant = (owner, one, place) => ({ device: one, account: owner, by: id, lamport, id, place })
  if (body.kind === 'create') {
    const devices = body.founders.flatMap((founder) => founder.devices.map((one) => [founder.account, one]))
    return devices.map(([owner, one], place) => grant(owner, one, place))
  }
  if (body.kind === 'add') return body.devices.map((one, place) => grant(body.account, one, place))
  if (body.kind === 'recover') return [grant(account, device, 0)]
  return body.kind === 'grant' ? [grant(account, body.device, 0)] : []
}

/** Whether a commit's lists are exactly a change. */
export function sameLists(change, body) {
  if (!change) return false
  const same = (a, b) => a.length === b.length && [...a].toSorted(text).join() === b.map(leafName).toSorted(text).join()
  return same(change.added, body.added) && same(change.removed, body.removed)
}

/** Names of what differs between a reading and a vector's expectation. */
export function differences(reading, expected) {
  return Object.keys(reading).filter((name) => JSON.stringify(reading[name]) !== JSON.stringify(expected[name]))
}
