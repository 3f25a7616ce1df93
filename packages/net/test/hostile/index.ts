/**
 * Hostile bytes for whatever handles a stream, and what to look for afterwards. Shared by the tests of net and relay: it stands here
 * because blind rooms may not reach the testkit, which knows stores.
 */
export * from './attack.ts'
export * from './framed.ts'
export * from './hand-connection.ts'
export * from './hand-stream.ts'
export * from './noise.ts'
export { turns } from './uncaught.ts'
export * from './records.ts'
export { cpuMs } from './costs.ts'
export * from './extremes.ts'
export * from './prefixes.ts'
