export { openBeside, sealBeside } from './beside-welcome.ts'
export { commit, type Change, type Committed } from './commit.ts'
export { createEngine, type GroupEngine } from './engine.ts'
export {
  DIRECT_SIZES,
  MAX_FRAGMENTS,
  openEnvelope,
  RELAY_SIZES,
  roomIn,
  sealEnvelope,
  type EnvelopePath,
  type EnvelopeReason,
  type Fragment,
} from './envelope.ts'
export { found, foundPair } from './found.ts'
export { sizeFor, splitInner, tagOf } from './fragments.ts'
export {
  generationFrom,
  generationKeys,
  generationOf,
  mailboxKeys,
  type Generation,
  type GenerationKeys,
  type MailboxSeeds,
} from './generation.ts'
export { join } from './join.ts'
export { createKeyPackage, welcomeRefs, type OwnKeyPackage, type OwnLeaf } from './key-package.ts'
export type { Identity, Member, Verify } from './members.ts'
export { open, seal, type Opened } from './message.ts'
export { processCommit, type Processed } from './process-commit.ts'
export { nobleCrypto } from './provider/noble-crypto.ts'
export { platformCrypto, type Ed25519Subtle } from './provider/platform-crypto.ts'
export { platformKems, type KemSubtle } from './provider/platform-kems.ts'
export { EMPTY_REASSEMBLY, takeFragment, type Reassembled, type Reassembly } from './reassembly.ts'
export type { GroupReason, GroupResult } from './reasons.ts'
export { decodeStateApart, encodeStateApart, isStateApart, nodesNeeded, type StateApart } from './state-apart.ts'
export { decodeState, encodeState } from './state-codec.ts'
export { analyze, finalFor, isWellFormed, wouldBe } from './rules/analyze.ts'
export {
  emptyLog,
  isPlaced,
  missing,
  thingsOf,
  withThing,
  type ControlLog,
  type Missing,
  type Taken,
} from './rules/control-log.ts'
export { basisFor, type Basis } from './rules/basis.ts'
export { agreedEpoch, lockedEpoch, owesAck, quietLeaves } from './rules/duties.ts'
export { mayCommit, type CommitPlan } from './rules/may-commit.ts'
export { MAX_PARKED_THINGS } from './rules/limits.ts'
export type { Body, ConversationKind, Founder, Leaf, Thing } from './rules/thing.ts'
export type { AccountView, Role, View } from './rules/view.ts'
export { createAskKeys, openSealedTo, sealTo, type AskKeys, type SealedTo } from './sealed-to.ts'
export { roster, type EpochState } from './state.ts'
export { turnTowards } from './turn-towards.ts'
export type { TreeNode } from './tree-nodes.ts'
