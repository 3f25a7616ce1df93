import { SottoError } from '@sotto/interface'

export type StoreErrorCode =
  | 'disk-full'
  | 'store-locked'
  | 'store-corrupt'
  | 'wrong-key'
  | 'needs-passphrase'
  | 'store-closed'
  | 'unsupported'
  | 'store-failed'

/** What went wrong with this device's own memory. `store-failed` is everything that has no better code; `cause` tells. */
export class StoreError extends SottoError {
  override readonly name: string = 'StoreError'
  declare readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string = SENTENCES[code], options?: ErrorOptions) {
    super(code, message, options)
  }
}

/** The sentences that need no particulars. */
const SENTENCES: Readonly<Record<StoreErrorCode, string>> = {
  'disk-full': 'The disk is full, so nothing was saved. Free some space and try again.',
  'store-locked': 'Sotto is already running with this store. Close it there first.',
  'store-corrupt':
    'The stored data is damaged and cannot be read. Restore it from a copy, or start again as a new device.',
  'wrong-key': 'The key does not open the stored data. Check the passphrase.',
  'needs-passphrase': 'Your messages are locked. Type the passphrase to open them.',
  'store-closed': 'The store is closed. Start Sotto again to use it.',
  unsupported: 'This platform cannot keep data safely, so Sotto cannot run here.',
  'store-failed': 'The stored data could not be read or written. Check that the disk works and try again.',
}
