import { decodeHeadRecord, decodeInner, type HeadRecord } from '@sotto/wire'

/** The head record in an encoded Inner of ours. */
export function headIn(inner: Uint8Array): HeadRecord | undefined {
  const decoded = decodeInner(inner)
  if (!decoded.ok || decoded.value.item.case !== 'head') return undefined
  const head = decodeHeadRecord(decoded.value.item.value.body)
  return head.ok ? head.value : undefined
}
