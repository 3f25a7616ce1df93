import type { Ask, Client, IntentName } from '@sotto/client'
import { SottoError } from '@sotto/interface'
import { clientStrings } from '../../client/client-strings.ts'
import type { Asked, Outcome } from './messages.ts'

/** Does what a tab has asked for. Never rejects: what went wrong is an outcome, which can travel. */
export async function carryOut(client: Client, { name, ask }: Asked): Promise<Outcome> {
  try {
    return { kind: 'done', answer: await client.do(name, ask as Ask<IntentName>) }
  } catch (error) {
    if (error instanceof SottoError) return { kind: 'failed', code: error.code, message: error.message }
    console.error(error)
    return { kind: 'failed', code: 'unexpected', message: clientStrings.unexpected }
  }
}
