import { decodeAuthenticatedContent } from 'ts-mls/authenticatedContent.js'
import { verifyConfirmationTag } from 'ts-mls/framedContent.js'
import { createConfirmedHash, createInterimHash } from 'ts-mls/transcriptHash.js'
import { check, fromHex, same, whole, type HexText } from './check.ts'
import { suiteOf } from './suites.ts'

interface Vector {
  cipher_suite: number
  confirmation_key: HexText
  authenticated_content: HexText
  interim_transcript_hash_before: HexText
  confirmed_transcript_hash_after: HexText
  interim_transcript_hash_after: HexText
}

export async function transcriptHashes(vector: Vector): Promise<void> {
  const { hash } = await suiteOf(vector.cipher_suite)
  const { wireformat, content, auth } = whole(decodeAuthenticatedContent, vector.authenticated_content)
  if (content.contentType !== 'commit' || auth.contentType !== 'commit') throw new Error('not a commit')
  const input = { wireformat, content, signature: auth.signature }
  const confirmed = await createConfirmedHash(fromHex(vector.interim_transcript_hash_before), input, hash)
  same(confirmed, vector.confirmed_transcript_hash_after, 'confirmed_transcript_hash_after')
  const interim = await createInterimHash(confirmed, auth.confirmationTag, hash)
  same(interim, vector.interim_transcript_hash_after, 'interim_transcript_hash_after')
  const key = fromHex(vector.confirmation_key)
  check(await verifyConfirmationTag(key, auth.confirmationTag, confirmed, hash), 'confirmation tag')
}
