export { StoreError } from './store-error.ts'
export type { StoreErrorCode } from './store-error.ts'
export { wordsOf } from './words.ts'
