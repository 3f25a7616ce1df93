import { ok, refuse, type Decoded } from '@sotto/interface'
import type { Extension } from 'ts-mls/extension.js'

/** Our GroupInfo extension, in the private use range of RFC 9420 section 17.3. */
const EXTENSION_TYPE = 0xf0a0
const SECRET = 32

/**
 * What a Welcome tells the newcomer about the generation: its secret, or nothing when the epoch that the Welcome opens
 * also opens a generation. GroupInfo is sealed for those who are added.
 */
export function generationExtension(secret: Uint8Array | undefined): Extension {
  return { extensionType: EXTENSION_TYPE, extensionData: secret ?? new Uint8Array() }
}

/** The generation's secret out of a GroupInfo, `undefined` when the epoch opens one. */
export function generationIn(extensions: readonly Extension[]): Decoded<Uint8Array | undefined> {
  const found = extensions.filter((extension) => extension.extensionType === EXTENSION_TYPE)
  const [data] = found.map((extension) => extension.extensionData)
  if (data === undefined || found.length !== 1) return refuse('malformed')
  if (data.length === 0) return ok(undefined)
  return data.length === SECRET ? ok(data.slice()) : refuse('bad-length')
}
