import { verifyChain, verifyRecovery } from '@sotto/identity'
import type { Body, ConversationKind, Founder, Leaf, Thing } from '@sotto/group'
import {
  ok,
  refuse,
  type AccountId,
  type ConversationId,
  type Crypto,
  type DeviceId,
  type EpochId,
  type Result,
  type ThingId,
} from '@sotto/interface'
import {
  ACCEPTANCE,
  CONTROL,
  CONTROL_KINDS,
  decodeAcceptance,
  decodeControlThing,
  signedBytes,
  thingIdOf,
  toHex,
  type ControlLeaf,
  type ControlThing,
  type SignedRecord,
} from '@sotto/wire'

/** A device that a thing brings in, with its proof of whose it is. */
export interface Introduced {
  readonly account: AccountId
  readonly device: DeviceId
  readonly chain: Uint8Array
  /** What the account calls itself; empty where the thing does not say. */
  readonly name: string
}

/** A control thing whose own words hold together. Whose device its author is, is known from what introduced that device. */
export interface CheckedThing {
  readonly thing: Omit<Thing, 'account'>
  readonly record: SignedRecord
  readonly introduced: readonly Introduced[]
  /** Milliseconds since 1970 by the author's clock; display only. */
  readonly madeAt: number
  readonly attachmentHash: Uint8Array
  /** Of an add: what the key packages hash to, as the acceptance says, in the order of the devices. */
  readonly keyPackageHashes: readonly Uint8Array[]
  /** Of a commit: what its encoded LogHeads hash to. */
  readonly headsHash: Uint8Array
  /** Of a commit: the highest lamport number of an event that is settled at the committer, as it says. */
  readonly saidFloor: number
}

type Said = {
  readonly body: Body
  readonly introduced: readonly Introduced[]
  readonly keyPackageHashes?: readonly Uint8Array[]
}

const KINDS = new Map<number, ConversationKind>(
  (Object.entries(CONTROL_KINDS) as [ConversationKind, number][]).map(([name, number]) => [number, name]),
)

/**
 * Checks a signed control record of a conversation: signature, form, and the device chains and acceptances in it. Total: nothing that a
 * peer sends makes it throw. Whether it has any authority is for the group's rules.
 */
export async function checkThing(
  crypto: Crypto,
  conversation: ConversationId,
  record: SignedRecord,
): Promise<Result<CheckedThing>> {
  const decoded = decodeControlThing(record.body)
  if (!decoded.ok) return decoded
  const wire = decoded.value
  if (toHex(wire.conversation) !== conversation) return refuse('other-conversation')
  if (toHex(wire.device) !== toHex(record.device)) return refuse('wrong-signer')
  const signed = signedBytes(CONTROL, record.body)
  if (!(await crypto.ed25519.verify(record.device, signed, record.signature))) return refuse('bad-signature')
  const said = await saidBy(crypto, wire)
  if (!said.ok) return said
  const { device, cseq: seq, prev, lamport, epochId } = wire
  // What the account key has said of one device is of no use to another.
  const isOthers = wire.said.case === 'recover' && said.value.introduced[0]?.device !== toHex(device)
  if (isOthers) return refuse('wrong-signer')
  return ok({
    thing: {
      id: thingIdOf(record.body),
      device: toHex<DeviceId>(device),
      seq,
      ...(prev.length === 0 ? {} : { prev: toHex<ThingId>(prev) }),
      deps: wire.deps.map((dep) => toHex<ThingId>(dep)),
      lamport,
      epoch: toHex<EpochId>(epochId),
      body: said.value.body,
    },
    record,
    introduced: said.value.introduced,
    madeAt: Number(wire.madeAt),
    attachmentHash: wire.attachmentHash.slice(),
    keyPackageHashes: said.value.keyPackageHashes ?? [],
    headsHash: wire.said.case === 'commit' ? wire.said.value.headsHash.slice() : new Uint8Array(),
    saidFloor: wire.said.case === 'commit' ? wire.said.value.floor : 0,
  })
}

async function saidBy(crypto: Crypto, { said, conversation }: ControlThing): Promise<Result<Said>> {
  switch (said.case) {
    case 'create':
      return createdBy(crypto, said.value)
    case 'add':
      return said.value.acceptance === undefined
        ? refuse('no-acceptance')
        : acceptedBy(crypto, conversation, said.value.acceptance)
    case 'grant': {
      const chain = await verifyChain(crypto, said.value.chain)
      if (!chain.ok) return chain
      const { account, device } = chain.value
      return ok({
        body: { kind: 'grant', device },
        introduced: [{ account, device, chain: said.value.chain.slice(), name: '' }],
      })
    }
    case 'recover':
      return recoveredBy(crypto, said.value)
    case 'remove':
    case 'appoint':
    case 'demote':
      return plain({ kind: said.case, account: toHex<AccountId>(said.value.account) })
    case 'revoke':
      return plain({ kind: 'revoke', device: toHex<DeviceId>(said.value.device) })
    case 'rename':
      return plain({ kind: 'rename', title: said.value.title })
    case 'commit': {
      const { child, added, removed } = said.value
      return plain({
        kind: 'commit',
        child: toHex<EpochId>(child),
        added: added.map(leafOf),
        removed: removed.map(leafOf),
      })
    }
    case 'attest':
      if (said.value.leaf === undefined) return refuse('malformed')
      return plain({ kind: 'attest', leaf: leafOf(said.value.leaf), about: toHex<EpochId>(said.value.about) })
    case 'stale':
      return plain({ kind: 'stale', leaf: leafOf(said.value) })
    case 'stuck':
      return plain({ kind: 'stuck', commit: toHex<ThingId>(said.value.commit) })
    case 'leave':
    case 'ack':
      return plain({ kind: said.case })
    default:
      return refuse('malformed')
  }
}

async function createdBy(
  crypto: Crypto,
  create: Extract<ControlThing['said'], { case: 'create' }>['value'],
): Promise<Result<Said>> {
  const is = KINDS.get(create.kind)
  if (is === undefined) return refuse('out-of-range')
  const founders: Founder[] = []
  const introduced: Introduced[] = []
  for (const { chains, name } of create.founders) {
    const devices = await devicesOf(crypto, chains, name)
    const [first] = devices.ok ? devices.value : []
    if (!devices.ok) return devices
    if (first === undefined || founders.some(({ account }) => account === first.account))
      return refuse('repeated-account')
    founders.push({ account: first.account, devices: devices.value.map(({ device }) => device) })
    introduced.push(...devices.value)
  }
  return ok({
    body: { kind: 'create', is, title: create.title, founders, child: toHex<EpochId>(create.child) },
    introduced,
  })
}

/** An account comes in only by its own yes to this conversation. */
async function acceptedBy(crypto: Crypto, conversation: Uint8Array, record: SignedRecord): Promise<Result<Said>> {
  const acceptance = await checkAcceptance(crypto, toHex<ConversationId>(conversation), record)
  if (!acceptance.ok) return acceptance
  const { account, devices, id, keyPackageHashes } = acceptance.value
  return ok({
    keyPackageHashes,
    body: { kind: 'add', account, devices: devices.map(({ device }) => device), acceptance: id },
    introduced: devices,
  })
}

/** A device comes in by the account key, which has said so of this one. */
async function recoveredBy(
  crypto: Crypto,
  { chain, statement }: Extract<ControlThing['said'], { case: 'recover' }>['value'],
): Promise<Result<Said>> {
  const verified = await verifyChain(crypto, chain)
  if (!verified.ok) return verified
  const { account, device } = verified.value
  if (statement === undefined) return refuse('malformed')
  const recovery = await verifyRecovery(crypto, statement, { account, device })
  if (!recovery.ok) return recovery
  return ok({
    body: { kind: 'recover', number: recovery.value.number },
    introduced: [{ account, device, chain: chain.slice(), name: '' }],
  })
}

/** A yes that holds: whose, with which devices, and the hashes of their key packages. */
export interface CheckedAcceptance {
  readonly id: ThingId
  readonly account: AccountId
  readonly devices: readonly Introduced[]
  readonly keyPackageHashes: readonly Uint8Array[]
}

/** Checks an account's signed yes to a conversation. Total. */
export async function checkAcceptance(
  crypto: Crypto,
  conversation: ConversationId,
  record: SignedRecord,
): Promise<Result<CheckedAcceptance>> {
  const decoded = decodeAcceptance(record.body)
  if (!decoded.ok) return decoded
  if (toHex(decoded.value.conversation) !== conversation) return refuse('other-conversation')
  const signed = signedBytes(ACCEPTANCE, record.body)
  if (!(await crypto.ed25519.verify(record.device, signed, record.signature))) return refuse('bad-signature')
  const { devices: listed, name } = decoded.value
  const devices = await devicesOf(
    crypto,
    listed.map(({ chain }) => chain),
    name,
  )
  const [first] = devices.ok ? devices.value : []
  if (!devices.ok) return devices
  if (first === undefined || !devices.value.some(({ device }) => device === toHex(record.device)))
    return refuse('wrong-signer')
  const keyPackageHashes = listed.map(({ keyPackageHash }) => keyPackageHash.slice())
  return ok({ id: thingIdOf(record.body), account: first.account, devices: devices.value, keyPackageHashes })
}

/** The devices of one account, none twice. */
async function devicesOf(
  crypto: Crypto,
  chains: readonly Uint8Array[],
  name: string,
): Promise<Result<readonly Introduced[]>> {
  const devices: Introduced[] = []
  for (const chain of chains) {
    const verified = await verifyChain(crypto, chain)
    if (!verified.ok) return verified
    const { account, device } = verified.value
    if (devices.some((other) => other.account !== account || other.device === device)) return refuse('mixed-accounts')
    devices.push({ account, device, chain: chain.slice(), name })
  }
  return ok(devices)
}

function plain(body: Body): Result<Said> {
  return ok({ body, introduced: [] })
}

function leafOf({ device, grant }: ControlLeaf): Leaf {
  return { device: toHex<DeviceId>(device), grant: toHex<ThingId>(grant) }
}
