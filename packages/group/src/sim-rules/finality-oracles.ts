import type { AccountId, DeviceId } from '@sotto/interface'
import type { Epoch } from '../rules/epoch.ts'
import { descends, treeOf, type Evidence } from './evidence.ts'

/** What honest devices take for final lies on one path, and reaches the tip where most are honest. */
export function checkFinality(evidence: Evidence, tip: Epoch): void {
  const { world, staying } = evidence
  let deepest: Epoch | undefined
  for (const { device, epoch } of world.finals) {
    if (!staying.includes(device)) continue
    if (deepest === undefined || descends(epoch, deepest)) deepest = epoch
    else if (!descends(deepest, epoch)) {
      conflict(evidence, [epoch, deepest], 'finals-conflict', `${epoch.id}, ${deepest.id}`)
      break
    }
  }
  if (!areMostHonest(evidence, tip)) return world.count('worlds without an honest majority')
  for (const { id, analysis, states } of staying) {
    if (analysis.final !== tip)
      world.fail('finality-stalled', `${id}: ${analysis.final.id} is final, ${tip.id} the tip`)
    const kept = [...states].filter(([epoch, holding]) => holding === 'held' && !descends(epoch, tip))
    if (kept.length > 0) world.fail('states-not-freed', `${id} keeps ${kept.map(([epoch]) => epoch.id).join()}`)
  }
}

/** What an honest device took for final it takes for final ever after. */
export function checkReverts(evidence: Evidence): void {
  for (const { device, from, to } of evidence.world.reverts)
    conflict(evidence, [from, to], 'finality-reverted', `${device.id} ${from.id} -> ${to.id}`)
}

/**
 * The conflicts that cannot be ruled out: two sides that were apart for 30 days, one of which removed the other by silence after they parted; and a
 * side that put a lost device out by a recover while that device went on with others who had not heard of it. The better path wins, and the losers
 * come back.
 */
function conflict(evidence: Evidence, [a, b]: readonly [Epoch, Epoch], kind: string, text: string): void {
  if (wasCut(evidence, a, b) || wasCut(evidence, b, a)) evidence.world.count('finals in conflict after 30 days apart')
  else if (wasRestored(evidence, a, b) || wasRestored(evidence, b, a))
    evidence.world.count('finals in conflict beside a recover')
  else evidence.world.fail(kind, text)
}

/** Whether a commit on the way to an epoch, from where it parts from another, took out a device that its account key had left behind. */
function wasRestored({ known, isBefore, accountOf }: Evidence, epoch: Epoch, other: Epoch): boolean {
  const recovers = known.filter(({ body }) => body.kind === 'recover')
  for (let at: Epoch | undefined = epoch; at?.parent !== undefined && !descends(other, at); at = at.parent) {
    const { thing } = at.node
    if (thing.body.kind !== 'commit') continue
    const lost = new Set(thing.body.removed.map(({ device }) => accountOf(device)?.id))
    if (recovers.some((recover) => lost.has(recover.account) && isBefore(recover, thing))) return true
  }
  return false
}

/** Whether a commit on the way to an epoch, from where it parts from another, removed somebody as silent. */
function wasCut({ known, isBefore }: Evidence, epoch: Epoch, other: Epoch): boolean {
  for (let at = epoch; at.parent !== undefined && !descends(other, at); at = at.parent) {
    const { thing } = at.node
    const { body } = thing
    if (body.kind !== 'commit') continue
    const isCut = body.removed.some(({ device, grant }) =>
      known.some((stale) => {
        const said = stale.body
        if (said.kind !== 'stale' || said.leaf.device !== device || said.leaf.grant !== grant) return false
        return isBefore(stale, thing)
      }),
    )
    if (isCut) return true
  }
  return false
}

/** Whether of every tree from the final one on, clearly most accounts have clearly most of their devices honest and in. */
function areMostHonest({ staying, accountOf }: Evidence, tip: Epoch): boolean {
  const good = new Set(staying.map(({ id }) => id))
  const final = staying[0]?.analysis.final
  for (let at: Epoch | undefined = tip; at !== undefined; at = at.parent) {
    const votes = new Map<AccountId | undefined, DeviceId[]>()
    for (const device of treeOf(at))
      votes.set(accountOf(device)?.id, [...(votes.get(accountOf(device)?.id) ?? []), device])
    const most = [...votes.values()].filter(
      (devices) => 2 * devices.filter((id) => good.has(id)).length > devices.length,
    )
    if (2 * most.length <= votes.size) return false
    if (at === final) return true
  }
  return true
}
