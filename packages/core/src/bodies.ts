import { decodeProfileBody, decodeRelaysBody, decodeTextBody, type TextBody } from '@sotto/wire'

/** What an event says, as far as this version knows its kind. */
export type Body =
  | {
      readonly kind: 'text'
      readonly text: string
      readonly replyTo: Uint8Array
      readonly mentions: readonly Uint8Array[]
    }
  | { readonly kind: 'profile'; readonly name: string }
  | { readonly kind: 'relays'; readonly relays: readonly Uint8Array[] }
  /** Of a kind from a later version: kept, served and counted, not shown. */
  | { readonly kind: 'unknown' }
  /** Of a known kind, but no such body: kept like an unknown one, so that everybody has the same log. */
  | { readonly kind: 'unreadable' }

/** Total. */
export function readBody(kind: string, body: Uint8Array): Body {
  if (kind === 'text')
    return read(decodeTextBody(body), ({ text, replyTo, mentions }: TextBody) => ({ kind, text, replyTo, mentions }))
  if (kind === 'profile') return read(decodeProfileBody(body), ({ name }) => ({ kind, name }))
  if (kind === 'relays') return read(decodeRelaysBody(body), ({ relays }) => ({ kind, relays }))
  return { kind: 'unknown' }
}

/** What search and views read of an event: empty for everything but texts. */
export function textOf(kind: string, body: Uint8Array): string {
  const content = readBody(kind, body)
  return content.kind === 'text' ? content.text : ''
}

function read<T>(decoded: { ok: true; value: T } | { ok: false }, body: (value: T) => Body): Body {
  return decoded.ok ? body(decoded.value) : { kind: 'unreadable' }
}
