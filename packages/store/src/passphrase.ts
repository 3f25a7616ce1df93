import { hexToBytes } from '@noble/hashes/utils.js'
import { argon2id } from 'hash-wasm'
import { KEY_BYTES } from './keyring.ts'

/** How a passphrase becomes a key: Argon2id (RFC 9106). Kept beside what it protects. */
export interface Stretching {
  readonly memoryKib: number
  readonly iterations: number
  readonly parallelism: number
  /** Lower-case hex. */
  readonly salt: string
}

export const SALT_BYTES = 16

/**
 * RFC 9106, section 4, its second choice, for where memory is scarce: 64 MiB and three passes; of its four lanes one, since
 * neither a worker nor this implementation would run them side by side.
 */
export const DEFAULT_STRETCHING: Omit<Stretching, 'salt'> = { memoryKib: 64 * 1024, iterations: 3, parallelism: 1 }

/** What is accepted from where it is kept: no weaker than can be meant, no more than this machine can do. */
export function isBearable({ memoryKib, iterations, parallelism, salt }: Stretching): boolean {
  return (
    within(memoryKib, 8, 1024 * 1024) &&
    within(iterations, 1, 64) &&
    within(parallelism, 1, 16) &&
    /^(?:[0-9a-f]{2}){8,64}$/.test(salt)
  )
}

/** The key of a passphrase, which is taken in Unicode's NFKC so that every keyboard gives the same one. */
export async function stretch(
  passphrase: string,
  { memoryKib, iterations, parallelism, salt }: Stretching,
): Promise<Uint8Array> {
  return argon2id({
    password: passphrase.normalize('NFKC'),
    salt: hexToBytes(salt),
    memorySize: memoryKib,
    iterations,
    parallelism,
    hashLength: KEY_BYTES,
    outputType: 'binary',
  })
}

function within(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most
}
