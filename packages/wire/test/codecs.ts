import type { Decoded } from '@sotto/interface'
import type { Arbitrary } from 'fast-check'

import * as wire from '../src/index.ts'
import * as any from './arbitraries.ts'
import * as control from './control-arbitraries.ts'
import * as link from './linking-arbitraries.ts'

/** One encoder and decoder, with the records to try them on. */
export interface Subject {
  readonly name: string
  readonly maxBytes: number
  encode(init: unknown): Uint8Array
  decode(bytes: Uint8Array): Decoded<unknown>
  readonly arbitrary: Arbitrary<unknown>
}

function subject<Init>(
  name: string,
  maxBytes: number,
  arbitrary: Arbitrary<Init>,
  encode: (init: Init) => Uint8Array,
  decode: (bytes: Uint8Array) => Decoded<unknown>,
): Subject {
  return { name, maxBytes, arbitrary, decode, encode: (init) => encode(init as Init) }
}

/** Every codec of the wire; a test compares this list with the package's exports, so that none is forgotten. */
export const SUBJECTS: readonly Subject[] = [
  subject('EventHeader', wire.MAX_EVENT_HEADER_BYTES, any.eventHeader, wire.encodeEventHeader, wire.decodeEventHeader),
  subject('SealedEvent', wire.MAX_SEALED_EVENT_BYTES, any.sealedEvent, wire.encodeSealedEvent, wire.decodeSealedEvent),
  subject('Seal', wire.MAX_SEAL_BYTES, any.seal, wire.encodeSeal, wire.decodeSeal),
  subject('SealStatement', 256, any.sealStatement, wire.encodeSealStatement, wire.decodeSealStatement),
  subject('TextBody', wire.MAX_EVENT_BODY_BYTES, any.textBody, wire.encodeTextBody, wire.decodeTextBody),
  subject('ProfileBody', wire.MAX_EVENT_BODY_BYTES, any.profileBody, wire.encodeProfileBody, wire.decodeProfileBody),
  subject('RelaysBody', wire.MAX_EVENT_BODY_BYTES, any.relaysBody, wire.encodeRelaysBody, wire.decodeRelaysBody),
  subject('Inner', wire.MAX_INNER_BYTES, any.inner, wire.encodeInner, wire.decodeInner),
  subject('SignedRecord', wire.MAX_INNER_BYTES, any.signedRecord, wire.encodeSignedRecord, wire.decodeSignedRecord),
  subject('Receipt', wire.MAX_SIGNED_BODY_BYTES, any.receipt, wire.encodeReceipt, wire.decodeReceipt),
  subject('HeadRecord', wire.MAX_SIGNED_BODY_BYTES, any.headRecord, wire.encodeHeadRecord, wire.decodeHeadRecord),
  subject('PathOffer', wire.MAX_SIGNED_BODY_BYTES, any.pathOffer, wire.encodePathOffer, wire.decodePathOffer),
  subject('ServedEvents', wire.MAX_SERVED_BYTES, any.servedEvents, wire.encodeServedEvents, wire.decodeServedEvents),
  subject('Fetch', wire.MAX_SIGNED_BODY_BYTES, any.fetchRecord, wire.encodeFetch, wire.decodeFetch),
  subject(
    'ControlThing',
    wire.MAX_SIGNED_BODY_BYTES,
    control.controlThing,
    wire.encodeControlThing,
    wire.decodeControlThing,
  ),
  subject(
    'ControlAttachment',
    wire.MAX_ATTACHMENT_BYTES,
    control.attachment,
    wire.encodeControlAttachment,
    wire.decodeControlAttachment,
  ),
  subject('Acceptance', wire.MAX_ACCEPTANCE_BYTES, control.acceptance, wire.encodeAcceptance, wire.decodeAcceptance),
  subject('LogHeads', wire.MAX_LOG_HEADS_BYTES, control.logHeads, wire.encodeLogHeads, wire.decodeLogHeads),
  subject(
    'GroupInviteBody',
    wire.MAX_EVENT_BODY_BYTES,
    control.groupInvite,
    wire.encodeGroupInviteBody,
    wire.decodeGroupInviteBody,
  ),
  subject(
    'GroupWithdrawBody',
    wire.MAX_EVENT_BODY_BYTES,
    control.groupWithdraw,
    wire.encodeGroupWithdrawBody,
    wire.decodeGroupWithdrawBody,
  ),
  subject(
    'GroupAcceptBody',
    wire.MAX_EVENT_BODY_BYTES,
    control.groupAccept,
    wire.encodeGroupAcceptBody,
    wire.decodeGroupAcceptBody,
  ),
  subject(
    'GroupWelcomeBody',
    wire.MAX_EVENT_BODY_BYTES,
    control.groupWelcome,
    wire.encodeGroupWelcomeBody,
    wire.decodeGroupWelcomeBody,
  ),
  subject(
    'WelcomeBundle',
    wire.MAX_WELCOME_BUNDLE_BYTES,
    control.welcomeBundle,
    wire.encodeWelcomeBundle,
    wire.decodeWelcomeBundle,
  ),
  subject(
    'RecoveryStatement',
    wire.MAX_RECOVERY_STATEMENT_BYTES,
    control.recoveryStatement,
    wire.encodeRecoveryStatement,
    wire.decodeRecoveryStatement,
  ),
  subject('LogBundle', wire.MAX_WELCOME_BUNDLE_BYTES, control.logBundle, wire.encodeLogBundle, wire.decodeLogBundle),
  subject('BackBundle', wire.MAX_BACK_BUNDLE_BYTES, control.backBundle, wire.encodeBackBundle, wire.decodeBackBundle),
  subject(
    'DeviceCertificateBody',
    wire.MAX_CERTIFICATE_BODY_BYTES,
    any.certificateBody,
    wire.encodeDeviceCertificateBody,
    wire.decodeDeviceCertificateBody,
  ),
  subject(
    'DeviceCertificate',
    wire.MAX_CERTIFICATE_BYTES,
    any.certificate,
    wire.encodeDeviceCertificate,
    wire.decodeDeviceCertificate,
  ),
  subject('DeviceChain', wire.MAX_CHAIN_BYTES, any.chain, wire.encodeDeviceChain, wire.decodeDeviceChain),
  subject('InvitationLink', wire.MAX_LINK_BYTES, any.link, wire.encodeInvitationLink, wire.decodeInvitationLink),
  subject('InvitationBlob', wire.MAX_INVITATION_BYTES, any.blob, wire.encodeInvitationBlob, wire.decodeInvitationBlob),
  subject(
    'InvitationBody',
    wire.MAX_INVITATION_BYTES,
    any.invitationBody,
    wire.encodeInvitationBody,
    wire.decodeInvitationBody,
  ),
  subject('HelloInit', wire.MAX_HELLO_BYTES, any.helloInit, wire.encodeHelloInit, wire.decodeHelloInit),
  subject('HelloReply', wire.MAX_HELLO_BYTES, any.helloReply, wire.encodeHelloReply, wire.decodeHelloReply),
  subject('HelloProof', wire.MAX_HELLO_PROOF_BYTES, any.helloProof, wire.encodeHelloProof, wire.decodeHelloProof),
  subject('EventsFrame', wire.MAX_EVENTS_FRAME_BYTES, any.eventsFrame, wire.encodeEventsFrame, wire.decodeEventsFrame),
  subject('Request', wire.MAX_REQUEST_BYTES, any.request, wire.encodeRequest, wire.decodeRequest),
  subject('Operation', wire.MAX_OPERATION_BYTES, any.operation, wire.encodeOperation, wire.decodeOperation),
  subject(
    'MailboxParameters',
    wire.MAX_MAILBOX_PARAMETERS_BYTES,
    any.mailboxParameters,
    wire.encodeMailboxParameters,
    wire.decodeMailboxParameters,
  ),
  subject('ServerFrame', wire.MAX_SERVER_FRAME_BYTES, any.serverFrame, wire.encodeServerFrame, wire.decodeServerFrame),
  subject('DeviceCode', wire.MAX_LINK_BYTES, link.deviceCode, wire.encodeDeviceCode, wire.decodeDeviceCode),
  subject('Linking', wire.MAX_INNER_BYTES, link.linking, wire.encodeLinking, wire.decodeLinking),
  subject(
    'DeviceJoinBody',
    wire.MAX_EVENT_BODY_BYTES,
    link.deviceJoin,
    wire.encodeDeviceJoinBody,
    wire.decodeDeviceJoinBody,
  ),
  subject(
    'DevicePackageBody',
    wire.MAX_EVENT_BODY_BYTES,
    link.devicePackage,
    wire.encodeDevicePackageBody,
    wire.decodeDevicePackageBody,
  ),
  subject('SelfReadBody', wire.MAX_EVENT_BODY_BYTES, link.selfRead, wire.encodeSelfReadBody, wire.decodeSelfReadBody),
  subject(
    'SelfContactBody',
    wire.MAX_EVENT_BODY_BYTES,
    link.selfContact,
    wire.encodeSelfContactBody,
    wire.decodeSelfContactBody,
  ),
  subject(
    'SelfSettingBody',
    wire.MAX_EVENT_BODY_BYTES,
    link.selfSetting,
    wire.encodeSelfSettingBody,
    wire.decodeSelfSettingBody,
  ),
]
