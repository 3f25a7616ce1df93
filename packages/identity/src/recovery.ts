import { ok, refuse, type AccountId, type Crypto, type DeviceId, type Result } from '@sotto/interface'
import { encodeRecoveryStatement, fromHex, recoveryBytes, toHex, type RecoveryStatement } from '@sotto/wire'

/** What an account key has said of a device that was set up from the recovery words. */
export interface Recovery {
  readonly account: AccountId
  readonly device: DeviceId
  /** The greater the later it was said: milliseconds since 1970 by that device's clock. */
  readonly number: number
}

/**
 * Signs that a device takes the place of all others of its account. Only at a restoring, while the account key is in hand: the first device never
 * has such a statement, so whoever finds a lost one cannot put out the others with it. Encoded RecoveryStatement.
 */
export async function signRecovery(
  crypto: Crypto,
  { accountSeed, deviceKey, number }: { accountSeed: Uint8Array; deviceKey: Uint8Array; number: number },
): Promise<Uint8Array> {
  const account = await crypto.ed25519.publicKey(accountSeed)
  const said = { account, device: deviceKey, number: BigInt(Math.max(0, Math.floor(number))) }
  const signature = await crypto.ed25519.sign(accountSeed, recoveryBytes(said))
  return encodeRecoveryStatement({ ...said, signature })
}

/** Checks a statement of an account key about one device. Total. */
export async function verifyRecovery(
  crypto: Crypto,
  statement: Pick<RecoveryStatement, 'account' | 'device' | 'number' | 'signature'>,
  about: { readonly account: AccountId; readonly device: DeviceId },
): Promise<Result<Recovery, 'other-device' | 'bad-signature'>> {
  const { account, device, number, signature } = statement
  if (toHex(account) !== about.account || toHex(device) !== about.device) return refuse('other-device')
  const holds = await crypto.ed25519.verify(fromHex(about.account), recoveryBytes(statement), signature)
  return holds ? ok({ ...about, number: Number(number) }) : refuse('bad-signature')
}
