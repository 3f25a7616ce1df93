import { verifyGroupInfoConfirmationTag, verifyGroupInfoSignature } from 'ts-mls/groupInfo.js'
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js'
import { decodeMlsMessage } from 'ts-mls/message.js'
import { decryptGroupInfo, decryptGroupSecrets } from 'ts-mls/welcome.js'
import { check, fromHex, whole, type HexText } from './check.ts'
import { suiteOf } from './suites.ts'

interface Vector {
  cipher_suite: number
  init_priv: HexText
  signer_pub: HexText
  key_package: HexText
  welcome: HexText
}

export async function welcome(vector: Vector): Promise<void> {
  const suite = await suiteOf(vector.cipher_suite)
  const message = whole(decodeMlsMessage, vector.welcome)
  const packaged = whole(decodeMlsMessage, vector.key_package)
  if (message.wireformat !== 'mls_welcome' || packaged.wireformat !== 'mls_key_package') throw new Error('wrong kinds')
  check(message.welcome.cipherSuite === suite.name && packaged.keyPackage.cipherSuite === suite.name, 'cipher suite')
  const ref = await makeKeyPackageRef(packaged.keyPackage, suite.hash)
  const key = await suite.hpke.importPrivateKey(fromHex(vector.init_priv))
  const secrets = await decryptGroupSecrets(key, ref, message.welcome, suite.hpke)
  if (secrets === undefined) throw new Error('group secrets do not decode')
  const noPsk = new Uint8Array(suite.kdf.size)
  const info = await decryptGroupInfo(message.welcome, secrets.joinerSecret, noPsk, suite)
  if (info === undefined) throw new Error('group info does not decode')
  check(await verifyGroupInfoSignature(info, fromHex(vector.signer_pub), suite.signature), 'signature')
  check(await verifyGroupInfoConfirmationTag(info, secrets.joinerSecret, noPsk, suite), 'confirmation tag')
}
