export type { AnyState, Group, OpenedBy, ProcessedBy } from './group.ts'
export { realGroup } from './real-group.ts'
export { symbolicGroup } from './symbolic-group.ts'
export type { SymbolicState } from './state.ts'
