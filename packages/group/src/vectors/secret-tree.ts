import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import { createSecretTree, ratchetToGeneration, type SecretTree } from 'ts-mls/secretTree.js'
import { expandSenderDataKey, expandSenderDataNonce, type SenderData } from 'ts-mls/sender.js'
import { fromHex, same, type HexText } from './check.ts'
import { suiteOf } from './suites.ts'

interface Step {
  generation: number
  handshake_key: HexText
  handshake_nonce: HexText
  application_key: HexText
  application_nonce: HexText
}

interface Vector {
  cipher_suite: number
  sender_data: { sender_data_secret: HexText; ciphertext: HexText; key: HexText; nonce: HexText }
  encryption_secret: HexText
  leaves: Step[][]
}

const RETENTION = { retainKeysForGenerations: 100, retainKeysForEpochs: 4, maximumForwardRatchetSteps: 10_000 }

export async function secretTree(vector: Vector): Promise<void> {
  const suite = await suiteOf(vector.cipher_suite)
  const { sender_data_secret, ciphertext, key, nonce } = vector.sender_data
  const [secret, sample] = [fromHex(sender_data_secret), fromHex(ciphertext)]
  same(await expandSenderDataKey(suite, secret, sample), key, 'sender data key')
  same(await expandSenderDataNonce(suite, secret, sample), nonce, 'sender data nonce')
  const tree = await createSecretTree(vector.leaves.length, fromHex(vector.encryption_secret), suite.kdf)
  for (const [leafIndex, steps] of vector.leaves.entries()) {
    for (const step of steps) await oneStep(suite, tree, leafIndex, step)
  }
}

async function oneStep(suite: CiphersuiteImpl, tree: SecretTree, leafIndex: number, step: Step): Promise<void> {
  const reuseGuard = new Uint8Array(4) as SenderData['reuseGuard'] // zeros change nothing
  const sender = { leafIndex, generation: step.generation, reuseGuard }
  const handshake = await ratchetToGeneration(tree, sender, 'commit', RETENTION, suite)
  same(handshake.key, step.handshake_key, 'handshake key')
  same(handshake.nonce, step.handshake_nonce, 'handshake nonce')
  const application = await ratchetToGeneration(tree, sender, 'application', RETENTION, suite)
  same(application.key, step.application_key, 'application key')
  same(application.nonce, step.application_nonce, 'application nonce')
}
