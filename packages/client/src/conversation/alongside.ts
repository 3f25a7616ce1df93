import type { Change, Rows } from '@sotto/interface'
import type { Happening } from './phase.ts'

/** What a step may be committed together with. */
export interface Alongside {
  readonly changes?: readonly Change[]
  readonly row?: Partial<Omit<Rows['conversations'], 'phase'>>
  /** What has happened to our place in it, which decides the phase. */
  readonly happening?: Happening
  /** The signed bytes of the receipt that the step applies. */
  readonly receipt?: Uint8Array
  /**
   * Takes over in memory what the transaction has made true. Runs when it is on the disk and before anything follows from it: an
   * effect that seals must find the keys as they are now, or one of them is used twice.
   */
  readonly committed?: () => void
}
