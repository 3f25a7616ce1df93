import { encodeGroupContext, type GroupContext } from 'ts-mls/groupContext.js'
import { initializeEpoch, mlsExporter } from 'ts-mls/keySchedule.js'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import { fromHex, same, type HexText } from './check.ts'
import { suiteOf } from './suites.ts'

interface Epoch {
  tree_hash: HexText
  commit_secret: HexText
  psk_secret: HexText
  confirmed_transcript_hash: HexText
  group_context: HexText
  joiner_secret: HexText
  welcome_secret: HexText
  init_secret: HexText
  sender_data_secret: HexText
  encryption_secret: HexText
  exporter_secret: HexText
  epoch_authenticator: HexText
  external_secret: HexText
  confirmation_key: HexText
  membership_key: HexText
  resumption_psk: HexText
  external_pub: HexText
  exporter: { label: string; context: HexText; length: number; secret: HexText }
}

interface Vector {
  cipher_suite: number
  group_id: HexText
  initial_init_secret: HexText
  epochs: Epoch[]
}

export async function keySchedule(vector: Vector): Promise<void> {
  const suite = await suiteOf(vector.cipher_suite)
  let initSecret = fromHex(vector.initial_init_secret)
  for (const [number, epoch] of vector.epochs.entries()) {
    const context: GroupContext = {
      version: 'mls10',
      cipherSuite: suite.name,
      groupId: fromHex(vector.group_id),
      epoch: BigInt(number),
      treeHash: fromHex(epoch.tree_hash),
      confirmedTranscriptHash: fromHex(epoch.confirmed_transcript_hash),
      extensions: [],
    }
    initSecret = await oneEpoch(suite, context, initSecret, epoch)
  }
}

/** Checks an epoch and answers the next one's init secret. */
async function oneEpoch(
  suite: CiphersuiteImpl,
  context: GroupContext,
  initSecret: Uint8Array,
  epoch: Epoch,
): Promise<Uint8Array> {
  same(encodeGroupContext(context), epoch.group_context, 'group_context')
  const [commitSecret, pskSecret] = [fromHex(epoch.commit_secret), fromHex(epoch.psk_secret)]
  const secrets = await initializeEpoch(initSecret, commitSecret, context, pskSecret, suite.kdf)
  const { keySchedule: keys } = secrets
  same(secrets.joinerSecret, epoch.joiner_secret, 'joiner_secret')
  same(secrets.welcomeSecret, epoch.welcome_secret, 'welcome_secret')
  same(secrets.encryptionSecret, epoch.encryption_secret, 'encryption_secret')
  same(keys.initSecret, epoch.init_secret, 'init_secret')
  same(keys.senderDataSecret, epoch.sender_data_secret, 'sender_data_secret')
  same(keys.exporterSecret, epoch.exporter_secret, 'exporter_secret')
  same(keys.epochAuthenticator, epoch.epoch_authenticator, 'epoch_authenticator')
  same(keys.externalSecret, epoch.external_secret, 'external_secret')
  same(keys.confirmationKey, epoch.confirmation_key, 'confirmation_key')
  same(keys.membershipKey, epoch.membership_key, 'membership_key')
  same(keys.resumptionPsk, epoch.resumption_psk, 'resumption_psk')
  const external = await suite.hpke.deriveKeyPair(keys.externalSecret)
  same(await suite.hpke.exportPublicKey(external.publicKey), epoch.external_pub, 'external_pub')
  const { label, context: exported, length, secret } = epoch.exporter
  same(await mlsExporter(keys.exporterSecret, label, fromHex(exported), length, suite), secret, 'exporter')
  return keys.initSecret
}
