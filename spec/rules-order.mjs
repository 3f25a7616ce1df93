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

export const half = (all, says) => {
  const yes = all.filter(says).length * 2
  return all.length > 0 && (yes > all.length || (yes === all.length && says(all[0])))
}

/** The leaves that a thing with this lamport grants. */
export function grantsOf({ id, account, body }, lamport) {
  const grant = (owner, device, place) => ({ device, account: owner, by: id, lamport, id, place })
  if (body.kind === 'create') {
    const devices = body.founders.flatMap((founder) => founder.devices.map((device) => [founder.account, device]))
    return devices.map(([owner, device], place) => grant(owner, device, place))
  }
  if (body.kind === 'add') return body.devices.map((device, place) => grant(body.account, device, place))
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
