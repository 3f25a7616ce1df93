export { NetError } from './errors.ts'
export type { DirectTransport, TransportInit } from './init.ts'
