import { cryptoBasics } from './crypto-basics.ts'
import { deserialization } from './deserialization.ts'
import { keySchedule } from './key-schedule.ts'
import { messageProtection } from './message-protection.ts'
import { messages } from './messages.ts'
import { passiveClient } from './passive-client.ts'
import { pskSecret } from './psk-secret.ts'
import { secretTree } from './secret-tree.ts'
import { transcriptHashes } from './transcript-hashes.ts'
import { treeMath } from './tree-math.ts'
import { treeOperations } from './tree-operations.ts'
import { treeValidation } from './tree-validation.ts'
import { treekem } from './treekem.ts'
import { welcome } from './welcome.ts'

/** Checks one entry of a vector file; rejects, saying what differs. What is no vector of the kind rejects too. */
type Check = (vector: never) => Promise<void>

/** The sixteen kinds of https://github.com/mlswg/mls-implementations/blob/main/test-vectors.md by file name. */
export const KINDS: Readonly<Record<string, Check>> = {
  'crypto-basics': cryptoBasics,
  deserialization,
  'key-schedule': keySchedule,
  'message-protection': messageProtection,
  messages,
  'passive-client-handling-commit': passiveClient,
  'passive-client-random': passiveClient,
  'passive-client-welcome': passiveClient,
  psk_secret: pskSecret,
  'secret-tree': secretTree,
  'transcript-hashes': transcriptHashes,
  'tree-math': treeMath,
  'tree-operations': treeOperations,
  'tree-validation': treeValidation,
  treekem,
  welcome,
}
