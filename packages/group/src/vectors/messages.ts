import { decodeCommit, encodeCommit } from 'ts-mls/commit.js'
import { decodeGroupSecrets, encodeGroupSecrets } from 'ts-mls/groupSecrets.js'
import { decodeMlsMessage, encodeMlsMessage, type MLSMessage } from 'ts-mls/message.js'
import {
  decodeAdd,
  decodeExternalInit,
  decodeGroupContextExtensions,
  decodePSK,
  decodeReinit,
  decodeRemove,
  decodeUpdate,
  encodeAdd,
  encodeExternalInit,
  encodeGroupContextExtensions,
  encodePSK,
  encodeReinit,
  encodeRemove,
  encodeUpdate,
} from 'ts-mls/proposal.js'
import { decodeRatchetTree, encodeRatchetTree } from 'ts-mls/ratchetTree.js'
import { check, same, whole, type HexText } from './check.ts'

type Decode<T> = (bytes: Uint8Array, at: number) => [T, number] | undefined
type Field = (hex: HexText, name: string) => void

function structure<T>(decode: Decode<T>, encode: (value: T) => Uint8Array): Field {
  return (hex, name) => same(encode(whole(decode, hex)), hex, name)
}

function message(is: (message: MLSMessage) => boolean): Field {
  return (hex, name) => {
    const decoded = whole(decodeMlsMessage, hex)
    check(is(decoded), `kind of ${name}`)
    same(encodeMlsMessage(decoded), hex, name)
  }
}

function publicMessage(contentType: 'application' | 'proposal' | 'commit'): Field {
  return message((m) => m.wireformat === 'mls_public_message' && m.publicMessage.content.contentType === contentType)
}

const FIELDS: Readonly<Record<string, Field>> = {
  mls_welcome: message((m) => m.wireformat === 'mls_welcome'),
  mls_group_info: message((m) => m.wireformat === 'mls_group_info'),
  mls_key_package: message((m) => m.wireformat === 'mls_key_package'),
  ratchet_tree: structure(decodeRatchetTree, encodeRatchetTree),
  group_secrets: structure(decodeGroupSecrets, encodeGroupSecrets),
  add_proposal: structure(decodeAdd, encodeAdd),
  update_proposal: structure(decodeUpdate, encodeUpdate),
  remove_proposal: structure(decodeRemove, encodeRemove),
  pre_shared_key_proposal: structure(decodePSK, encodePSK),
  re_init_proposal: structure(decodeReinit, encodeReinit),
  external_init_proposal: structure(decodeExternalInit, encodeExternalInit),
  group_context_extensions_proposal: structure(decodeGroupContextExtensions, encodeGroupContextExtensions),
  commit: structure(decodeCommit, encodeCommit),
  public_message_application: publicMessage('application'),
  public_message_proposal: publicMessage('proposal'),
  public_message_commit: publicMessage('commit'),
  private_message: message((m) => m.wireformat === 'mls_private_message'),
}

export async function messages(vector: Record<string, HexText>): Promise<void> {
  for (const [name, checkField] of Object.entries(FIELDS)) {
    const hex = vector[name]
    if (hex === undefined) throw new Error(`no field ${name}`)
    checkField(hex, name)
  }
}
