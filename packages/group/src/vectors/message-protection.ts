import { bytesToHex } from '@noble/hashes/utils.js'
import { decodeCommit, encodeCommit } from 'ts-mls/commit.js'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import { createContentCommitSignature, type FramedContent } from 'ts-mls/framedContent.js'
import type { GroupContext } from 'ts-mls/groupContext.js'
import { decodeMlsMessage } from 'ts-mls/message.js'
import { protect, protectApplicationData, protectProposal, unprotectPrivateMessage } from 'ts-mls/messageProtection.js'
import { protectProposalPublic, protectPublicMessage, unprotectPublicMessage } from 'ts-mls/messageProtectionPublic.js'
import type { PrivateMessage } from 'ts-mls/privateMessage.js'
import { decodeProposal, encodeProposal } from 'ts-mls/proposal.js'
import type { PublicMessage } from 'ts-mls/publicMessage.js'
import type { RatchetTree } from 'ts-mls/ratchetTree.js'
import { createSecretTree, type SecretTree } from 'ts-mls/secretTree.js'
import { check, fromHex, same, whole, type HexText } from './check.ts'
import { suiteOf } from './suites.ts'

interface Vector {
  cipher_suite: number
  group_id: HexText
  epoch: number
  tree_hash: HexText
  confirmed_transcript_hash: HexText
  signature_priv: HexText
  signature_pub: HexText
  encryption_secret: HexText
  sender_data_secret: HexText
  membership_key: HexText
  proposal: HexText
  proposal_pub: HexText
  proposal_priv: HexText
  commit: HexText
  commit_pub: HexText
  commit_priv: HexText
  application: HexText
  application_priv: HexText
}

interface Session {
  suite: CiphersuiteImpl
  context: GroupContext
  secretTree: SecretTree
  senderDataSecret: Uint8Array
  membershipKey: Uint8Array
  signKey: Uint8Array
  verifyKey: Uint8Array
}

const SENDER = 1
const NOTHING = new Uint8Array()
const RETENTION = { retainKeysForGenerations: 10, retainKeysForEpochs: 4, maximumForwardRatchetSteps: 200 }
const PADDING = { kind: 'alwaysPad', paddingLength: 0 } as const
/** The vectors bring no tree, only the sender's key; that leaf 1 is not blank is all that is looked at. */
const TREE = [undefined, undefined, { nodeType: 'leaf' }] as unknown as RatchetTree

export async function messageProtection(vector: Vector): Promise<void> {
  const session = await sessionOf(vector)
  await proposals(session, vector)
  await commits(session, vector)
  await applications(session, vector)
}

async function sessionOf(vector: Vector): Promise<Session> {
  const suite = await suiteOf(vector.cipher_suite)
  return {
    suite,
    context: {
      version: 'mls10',
      cipherSuite: suite.name,
      groupId: fromHex(vector.group_id),
      epoch: BigInt(vector.epoch),
      treeHash: fromHex(vector.tree_hash),
      confirmedTranscriptHash: fromHex(vector.confirmed_transcript_hash),
      extensions: [],
    },
    secretTree: await createSecretTree(2, fromHex(vector.encryption_secret), suite.kdf),
    senderDataSecret: fromHex(vector.sender_data_secret),
    membershipKey: fromHex(vector.membership_key),
    signKey: fromHex(vector.signature_priv),
    verifyKey: fromHex(vector.signature_pub),
  }
}

async function proposals(s: Session, vector: Vector): Promise<void> {
  const proposal = whole(decodeProposal, vector.proposal)
  const open = (content: FramedContent) => content.contentType === 'proposal' && encodeProposal(content.proposal)
  matches(open(await publicContent(s, publicIn(vector.proposal_pub))), vector.proposal, 'proposal_pub')
  matches(open(await privateContent(s, privateIn(vector.proposal_priv))), vector.proposal, 'proposal_priv')
  const made = await protectProposalPublic(s.signKey, s.membershipKey, s.context, NOTHING, proposal, SENDER, s.suite)
  matches(open(await publicContent(s, made.publicMessage)), vector.proposal, 'own public proposal')
  const { signKey, senderDataSecret, context, secretTree, suite } = s
  const sealed = await protectProposal(
    signKey,
    senderDataSecret,
    proposal,
    NOTHING,
    context,
    secretTree,
    SENDER,
    PADDING,
    suite,
  )
  matches(open(await privateContent(s, sealed.privateMessage)), vector.proposal, 'own private proposal')
}

async function commits(s: Session, vector: Vector): Promise<void> {
  const commit = whole(decodeCommit, vector.commit)
  const open = (content: FramedContent) => content.contentType === 'commit' && encodeCommit(content.commit)
  matches(open(await publicContent(s, publicIn(vector.commit_pub))), vector.commit, 'commit_pub')
  matches(open(await privateContent(s, privateIn(vector.commit_priv))), vector.commit, 'commit_priv')
  const { suite, context, membershipKey, senderDataSecret, secretTree } = s
  const confirmationTag = await suite.hash.mac(membershipKey, NOTHING)
  for (const wireformat of ['mls_public_message', 'mls_private_message'] as const) {
    const sender = { senderType: 'member' as const, leafIndex: SENDER }
    const signed = await createContentCommitSignature(
      context,
      wireformat,
      commit,
      sender,
      NOTHING,
      s.signKey,
      suite.signature,
    )
    const auth = { contentType: 'commit' as const, signature: signed.signature, confirmationTag }
    const content = signed.framedContent
    if (wireformat === 'mls_public_message') {
      const made = await protectPublicMessage(membershipKey, context, { wireformat, content, auth }, suite)
      matches(open(await publicContent(s, made)), vector.commit, 'own public commit')
    } else {
      const whole = { ...content, auth }
      const made = await protect(senderDataSecret, NOTHING, context, secretTree, whole, SENDER, PADDING, suite)
      matches(open(await privateContent(s, made.privateMessage)), vector.commit, 'own private commit')
    }
  }
}

async function applications(s: Session, vector: Vector): Promise<void> {
  const open = (content: FramedContent) => content.contentType === 'application' && content.applicationData
  const content = await privateContent(s, privateIn(vector.application_priv))
  matches(open(content), vector.application, 'application_priv')
  const { signKey, senderDataSecret, context, secretTree, suite, membershipKey } = s
  const data = fromHex(vector.application)
  const made = await protectApplicationData(
    signKey,
    senderDataSecret,
    data,
    NOTHING,
    context,
    secretTree,
    SENDER,
    PADDING,
    suite,
  )
  matches(open(await privateContent(s, made.privateMessage)), vector.application, 'own application message')
  const auth = { contentType: 'application' as const, signature: NOTHING }
  const asPublic = { wireformat: 'mls_public_message' as const, content, auth }
  const refused = await protectPublicMessage(membershipKey, context, asPublic, suite).then(
    () => false,
    () => true,
  )
  check(refused, 'refusal of a public application message')
}

async function publicContent(s: Session, message: PublicMessage): Promise<FramedContent> {
  const { membershipKey, context, suite, verifyKey } = s
  return (await unprotectPublicMessage(membershipKey, context, TREE, message, suite, verifyKey)).content
}

async function privateContent(s: Session, message: PrivateMessage): Promise<FramedContent> {
  const { senderDataSecret, secretTree, context, suite, verifyKey } = s
  return (
    await unprotectPrivateMessage(senderDataSecret, message, secretTree, TREE, context, RETENTION, suite, verifyKey)
  ).content.content
}

function publicIn(hex: HexText): PublicMessage {
  const message = whole(decodeMlsMessage, hex)
  if (message.wireformat !== 'mls_public_message') throw new Error('not a public message')
  return message.publicMessage
}

function privateIn(hex: HexText): PrivateMessage {
  const message = whole(decodeMlsMessage, hex)
  if (message.wireformat !== 'mls_private_message') throw new Error('not a private message')
  return message.privateMessage
}

function matches(bytes: Uint8Array | false, expected: HexText, what: string): void {
  if (bytes === false) throw new Error(`${what}: another content type`)
  same(bytes, bytesToHex(fromHex(expected)), what)
}
