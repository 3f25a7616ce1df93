import type { Clock, Crypto, Logger, Metrics } from '@sotto/interface'

/** Ways to reach another device directly. */
export type DirectTransport = 'tcp' | 'ws' | 'webrtc'

export interface TransportInit {
  readonly clock: Clock
  readonly crypto: Crypto
  readonly logger: Logger
  readonly metrics?: Metrics
  /** Listen on 127.0.0.1 only. Node only; browsers do not listen. @default false */
  readonly loopbackOnly?: boolean
  /** Which ways are used to connect directly. @default all that the platform has */
  readonly transports?: readonly DirectTransport[]
  /** Never connect directly: nobody learns an address. @default false */
  readonly relaysOnly?: boolean
}

/** Direct connections at once, all conversations together. */
export const MAX_DIRECT_CONNECTIONS = 32
