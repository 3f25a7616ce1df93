import type { Via } from '@sotto/core'
import type { Change, DeviceId, EpochId, RelayId } from '@sotto/interface'

/** How an inner item came. A device is one that has proved itself on that path. */
export interface Origin {
  readonly via: Via
  readonly relay?: RelayId
  readonly device?: DeviceId
}

/** What every handler gets besides the item: the write that marks it as applied goes into the handler's transaction. */
export interface Arrival {
  readonly origin: Origin
  readonly bytes: Uint8Array
  readonly seen: Change
}

/**
 * What a handler of one kind of item answers: done (and which epochs are here now), refused for a reason, to be parked for an epoch, or
 * to stay with its path until later.
 */
export type Handled =
  | { done: true; epochs?: readonly EpochId[] }
  | { refused: string }
  | { park: EpochId }
  | { later: string }
