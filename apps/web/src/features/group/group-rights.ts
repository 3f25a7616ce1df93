import type { MemberSnapshot, Role } from '@sotto/client'

/** What one member may do to another. */
export interface Rights {
  readonly appoint: boolean
  readonly demote: boolean
  readonly remove: boolean
}

/** Owner and admins manage a group: they add, appoint and give it its name. */
export function mayManage(role: Role): boolean {
  return role !== 'member'
}

/** Whether nobody would be left to manage those who stay, if `self` left now. */
export function isLastToManage(members: readonly MemberSnapshot[], self: string): boolean {
  const staying = members.filter(({ account, state }) => account !== self && state !== 'leaving')
  const isManager = members.some(({ account, role }) => account === self && mayManage(role))
  return isManager && staying.length > 0 && !staying.some(({ role }) => mayManage(role))
}

/** Who manages may appoint any member, and binds those who come after in `members`, which is by seniority. */
export function rightsOver(members: readonly MemberSnapshot[], self: string, account: string): Rights {
  const place = members.findIndex((one) => one.account === account)
  const own = members.findIndex((one) => one.account === self)
  const [me, target] = [members[own], members[place]]
  if (me === undefined || target === undefined || me === target || !mayManage(me.role) || target.state === 'leaving') {
    return { appoint: false, demote: false, remove: false }
  }
  const isJunior = own < place
  return { appoint: target.role === 'member', demote: isJunior && target.role === 'admin', remove: isJunior }
}
