export { openBrowserStore } from './open-browser-store.ts'
export type { BrowserStore, BrowserStoreInit } from './open-browser-store.ts'
