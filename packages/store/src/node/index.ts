export { openNodeStore } from './open-node-store.ts'
export type { NodeStore, NodeStoreInit } from './open-node-store.ts'
