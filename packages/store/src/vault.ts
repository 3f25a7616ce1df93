/**
 * Seals the secret columns once more, under a key that can be thrown away. `place` names the table, column and row, so
 * that a sealed value cannot be moved to another place.
 */
export interface Vault {
  seal(plain: Uint8Array, place: string): Uint8Array
  /** Throws {@link StoreError} `store-corrupt` for what was not sealed here. */
  open(sealed: Uint8Array, place: string): Uint8Array
}
