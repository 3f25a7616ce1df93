import { joinGroup, makePskIndex, type ClientState } from 'ts-mls/clientState.js'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import { acceptAll } from 'ts-mls/incomingMessageAction.js'
import type { KeyPackage } from 'ts-mls/keyPackage.js'
import { decodeMlsMessage } from 'ts-mls/message.js'
import { processMessage } from 'ts-mls/processMessages.js'
import { decodeRatchetTree } from 'ts-mls/ratchetTree.js'
import { bytesToBase64 } from 'ts-mls/util/byteArray.js'
import { check, fromHex, same, whole, type HexText } from './check.ts'
import { checkHpkePair } from './key-pair.ts'
import { suiteOf } from './suites.ts'

interface Vector {
  cipher_suite: number
  external_psks: { psk_id: HexText; psk: HexText }[]
  key_package: HexText
  signature_priv: HexText
  encryption_priv: HexText
  init_priv: HexText
  welcome: HexText
  ratchet_tree: HexText | null
  initial_epoch_authenticator: HexText
  epochs: { proposals: HexText[]; commit: HexText; epoch_authenticator: HexText }[]
}

export async function passiveClient(vector: Vector): Promise<void> {
  const suite = await suiteOf(vector.cipher_suite)
  const psks = Object.fromEntries(
    vector.external_psks.map(({ psk_id, psk }) => [bytesToBase64(fromHex(psk_id)), fromHex(psk)]),
  )
  let state = await joined(suite, vector, psks)
  same(state.keySchedule.epochAuthenticator, vector.initial_epoch_authenticator, 'initial_epoch_authenticator')
  for (const [number, epoch] of vector.epochs.entries()) {
    for (const message of [...epoch.proposals, epoch.commit]) state = await followed(suite, state, message, psks)
    same(state.keySchedule.epochAuthenticator, epoch.epoch_authenticator, `epoch_authenticator ${number}`)
  }
}

async function joined(suite: CiphersuiteImpl, vector: Vector, psks: Record<string, Uint8Array>): Promise<ClientState> {
  const message = whole(decodeMlsMessage, vector.welcome)
  const packaged = whole(decodeMlsMessage, vector.key_package)
  if (message.wireformat !== 'mls_welcome' || packaged.wireformat !== 'mls_key_package') throw new Error('wrong kinds')
  const keys = {
    initPrivateKey: fromHex(vector.init_priv),
    hpkePrivateKey: fromHex(vector.encryption_priv),
    signaturePrivateKey: fromHex(vector.signature_priv),
  }
  await checkKeys(suite, packaged.keyPackage, keys)
  const tree = vector.ratchet_tree === null ? undefined : whole(decodeRatchetTree, vector.ratchet_tree)
  return joinGroup(message.welcome, packaged.keyPackage, keys, makePskIndex(undefined, psks), suite, tree)
}

async function checkKeys(
  suite: CiphersuiteImpl,
  { initKey, leafNode }: KeyPackage,
  keys: { initPrivateKey: Uint8Array; hpkePrivateKey: Uint8Array; signaturePrivateKey: Uint8Array },
): Promise<void> {
  const probe = Uint8Array.of(1, 2, 3)
  const signature = await suite.signature.sign(keys.signaturePrivateKey, probe)
  check(await suite.signature.verify(leafNode.signaturePublicKey, probe, signature), 'signature_priv')
  await checkHpkePair(suite.hpke, initKey, keys.initPrivateKey, 'init_priv')
  await checkHpkePair(suite.hpke, leafNode.hpkePublicKey, keys.hpkePrivateKey, 'encryption_priv')
}

async function followed(
  suite: CiphersuiteImpl,
  state: ClientState,
  hex: HexText,
  psks: Record<string, Uint8Array>,
): Promise<ClientState> {
  const message = whole(decodeMlsMessage, hex)
  if (message.wireformat !== 'mls_private_message' && message.wireformat !== 'mls_public_message') {
    throw new Error('not a message to the group')
  }
  return (await processMessage(message, state, makePskIndex(state, psks), acceptAll, suite)).newState
}
