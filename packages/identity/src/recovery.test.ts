import { decodeRecoveryStatement, fromHex, toHex } from '@sotto/wire'
import { describe, expect, it } from 'vitest'

import { fakeCrypto } from '../test/fake-crypto.ts'
import { vectors } from '../test/vectors.ts'
import { signRecovery, verifyRecovery } from './index.ts'

interface Case {
  readonly name: string
  readonly statement: string
  readonly account: string
  readonly device: string
}

const { valid, invalid, sign } = vectors<
  Case & { number: number },
  Case & { reason: string },
  { sign: { accountSeed: string; device: string; number: number; statement: string }[] }
>('recovery-statement')

async function verified({ statement, account, device }: Case): ReturnType<typeof verifyRecovery> {
  const decoded = decodeRecoveryStatement(fromHex(statement))
  if (!decoded.ok) throw new Error(decoded.reason)
  return verifyRecovery(fakeCrypto(), decoded.value, { account: account as never, device: device as never })
}

describe('spec/vectors/recovery-statement.json', () => {
  it.each(valid)('takes $name', async (one) => {
    expect(await verified(one)).toEqual({
      ok: true,
      value: { account: one.account, device: one.device, number: one.number },
    })
  })

  it.each(invalid)('refuses $name', async (one) => {
    expect(await verified(one)).toEqual({ ok: false, reason: one.reason })
  })

  it.each(sign)('signs it in the same way ($number)', async ({ accountSeed, device, number, statement }) => {
    const about = { accountSeed: fromHex(accountSeed), deviceKey: fromHex(device), number }
    expect(toHex(await signRecovery(fakeCrypto(), about))).toBe(statement)
  })
})
