import type { Rows } from '@sotto/interface'
import { bodyHash, decodeEventHeader, encodeEventHeader, encodeTextBody, eventIdOf } from '@sotto/wire'

import { sealProofs } from '../../src/index.ts'
import { EPOCH, SIGNATURE } from '../ids.ts'
import type { Dice } from '../random.ts'

type Parts = Pick<Rows['events'], 'header' | 'salt' | 'body' | 'proof'>

/** Events as somebody would make them up who has no key of their author: another text, another place, another's proof, or one of their own making. */
export function forged(rows: readonly Parts[], dice: Dice): Parts[] {
  const kind = dice.below(4)
  return rows.map((row, at) => {
    const other = rows[(at + 1) % rows.length] ?? row
    if (kind === 0) return { ...row, body: encodeTextBody({ text: 'never said' }) }
    if (kind === 1) return { ...row, proof: other.proof, header: at === 0 ? other.header : row.header }
    return rewritten(row, kind === 2 ? 0 : 1)
  })
}

/** Everything about it fits, but nobody has signed it. */
function rewritten(row: Parts, later: number): Parts {
  const decoded = decodeEventHeader(row.header)
  if (!decoded.ok) throw new Error('A stored header is not one.')
  const body = encodeTextBody({ text: 'never said' })
  const { lamport } = decoded.value
  const header = encodeEventHeader({ ...decoded.value, lamport: lamport + later, bodyHash: bodyHash(row.salt, body) })
  const [proof = new Uint8Array()] = sealProofs(EPOCH, [eventIdOf(header)], SIGNATURE)
  return { header, salt: row.salt, body, proof }
}
