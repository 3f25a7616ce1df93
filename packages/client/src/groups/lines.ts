import type { Body, Thing } from '@sotto/group'
import type { AccountId } from '@sotto/interface'
import type { Control } from './control.ts'
import type { LineSnapshot, MessageSnapshot, RowSnapshot } from '../snapshots/row-snapshots.ts'

/** What people see of a control log: who did what, in an order that respects what each knew. A pair is as it was founded, but for devices. */
export function linesOf(control: Control): LineSnapshot[] {
  const { is, effective } = control.view
  return effective.flatMap((thing) => {
    const said = is === 'pair' && thing.body.kind === 'create' ? undefined : lineOf(control, thing)
    const kept = control.kept.get(thing.id)
    return said === undefined || kept === undefined
      ? []
      : [{ ...said, id: thing.id, by: thing.account, at: kept.madeAt }]
  })
}

function lineOf(control: Control, thing: Thing): Pick<LineSnapshot, 'line' | 'account' | 'title'> | undefined {
  const { body } = thing
  if (body.kind === 'stale') {
    const account = control.accountOf(body.leaf.device)
    return account === undefined ? undefined : { line: 'device-set-aside', account }
  }
  // Nobody leaves a 1:1 but from a device that was lost: who said so goes on with the restored one.
  if (control.view.is === 'pair' && body.kind === 'leave') return { line: 'went-on', account: otherIn(control, thing) }
  const line = isReturn(thing) ? 'device-back' : LINES[body.kind]
  if (line === undefined) return undefined
  return {
    line,
    ...('account' in body ? { account: body.account } : {}),
    ...('title' in body ? { title: body.title } : {}),
  }
}

function otherIn(control: Control, { account }: Thing): AccountId {
  return [...control.people].find((other) => other !== account) ?? account
}

/** A device grants itself only after somebody else did, so it was in before. */
function isReturn({ body, device }: Thing): boolean {
  return body.kind === 'grant' && body.device === device
}

const LINES: Readonly<Partial<Record<Body['kind'], LineSnapshot['line']>>> = {
  create: 'created',
  add: 'added',
  remove: 'removed',
  appoint: 'appointed',
  demote: 'demoted',
  leave: 'left',
  rename: 'renamed',
  grant: 'device-linked',
  recover: 'account-restored',
  revoke: 'device-revoked',
}

/**
 * Lines among rows: each before the first message that was written later. `hasOlder`: earlier rows are not shown, and neither are lines
 * that stand before the first.
 */
export function withLines(
  rows: readonly RowSnapshot[],
  lines: readonly LineSnapshot[],
  { hasOlder }: { hasOlder: boolean },
): RowSnapshot[] {
  const first = rows.find(isMessage)
  const waiting = hasOlder && first !== undefined ? lines.filter(({ at }) => at >= first.sentAt) : [...lines]
  const merged: RowSnapshot[] = []
  for (const row of rows) {
    while (isMessage(row) && waiting[0] !== undefined && waiting[0].at < row.sentAt)
      merged.push(...waiting.splice(0, 1))
    merged.push(row)
  }
  return [...merged, ...waiting]
}

function isMessage(row: RowSnapshot): row is MessageSnapshot {
  return 'sentAt' in row
}
