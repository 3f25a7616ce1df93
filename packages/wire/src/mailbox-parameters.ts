import { ok, type Decoded, type DecodeReason, type Lane, type MailboxParams } from '@sotto/interface'

import { MailboxLane, MailboxParametersSchema, type MailboxParameters } from '../gen/sotto/mailbox_pb.js'
import { codec, type Codec, type Init } from './codec.ts'
import { MAX_INVITATION_USES, MAX_MAILBOX_PARAMETERS_BYTES, MAX_POW_BITS, MAX_WRITE_KEYS } from './limits.ts'
import { areDistinct, id } from './parts.ts'
import { anything, list, within } from './rules.ts'

export { MailboxLane }
export type { MailboxParameters }

const LANES: Readonly<Record<Lane, MailboxLane>> = {
  content: MailboxLane.CONTENT,
  control: MailboxLane.CONTROL,
  knock: MailboxLane.KNOCK,
}

const mailboxParameters: Codec<MailboxParameters> = codec(
  MailboxParametersSchema,
  MAX_MAILBOX_PARAMETERS_BYTES,
  {
    lane: within(MailboxLane.CONTENT, MailboxLane.KNOCK),
    readKey: id,
    writeKeys: list(1, MAX_WRITE_KEYS, id),
    capacity: anything,
    expiresAt: anything,
    powBits: within(0, MAX_POW_BITS),
  },
  wholeReason,
)

export function encodeMailboxParameters(init: Init<MailboxParameters>): Uint8Array {
  return mailboxParameters.encode(init)
}

export function decodeMailboxParameters(bytes: Uint8Array): Decoded<MailboxParameters> {
  return mailboxParameters.decode(bytes)
}

/** A mailbox's parameters as they are hashed and sent. Throws {@link WireError} when they name no possible mailbox. */
export function parametersOf({ lane, writeKeys, ...rest }: MailboxParams): Uint8Array {
  return encodeMailboxParameters({ ...rest, lane: LANES[lane], writeKeys: [...writeKeys] })
}

/** The way back from {@link parametersOf}. */
export function paramsOf(parameters: Uint8Array): Decoded<MailboxParams> {
  const decoded = decodeMailboxParameters(parameters)
  if (!decoded.ok) return decoded
  const { lane, readKey, writeKeys, capacity, expiresAt, powBits } = decoded.value
  return ok({ lane: laneOf(lane), readKey, writeKeys, capacity, expiresAt, powBits })
}

function laneOf(lane: MailboxLane): Lane {
  if (lane === MailboxLane.CONTROL) return 'control'
  return lane === MailboxLane.KNOCK ? 'knock' : 'content'
}

/** Capacity, expiry and work are a knock mailbox's alone; the other lanes live by the relay's quota and their age. */
function wholeReason({ lane, writeKeys, capacity, expiresAt, powBits }: MailboxParameters): DecodeReason | undefined {
  if (!areDistinct(writeKeys)) return 'out-of-range'
  if (lane !== MailboxLane.KNOCK) return capacity + expiresAt + powBits === 0 ? undefined : 'out-of-range'
  return capacity >= 1 && capacity <= MAX_INVITATION_USES && expiresAt >= 1 ? undefined : 'out-of-range'
}
