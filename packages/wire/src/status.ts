import type { RelayRefusal } from '@sotto/interface'

import { Status } from './mailbox-answer.ts'

/** What a relay can say no with; `unreachable` is never on the wire. */
export type WireRefusal = Exclude<RelayRefusal, 'unreachable'>

const STATUS_BY_REFUSAL: Readonly<Record<WireRefusal, Status>> = {
  unknown: Status.UNKNOWN,
  full: Status.FULL,
  expired: Status.EXPIRED,
  quota: Status.QUOTA,
  'too-large': Status.TOO_LARGE,
  'bad-request': Status.BAD_REQUEST,
  'proof-of-work': Status.PROOF_OF_WORK,
  busy: Status.BUSY,
}

const REFUSALS = Object.keys(STATUS_BY_REFUSAL) as WireRefusal[]

export function refusalToStatus(refusal: WireRefusal): Status {
  return STATUS_BY_REFUSAL[refusal]
}

/** `undefined` for `OK`. */
export function statusToRefusal(status: Status): WireRefusal | undefined {
  return REFUSALS.find((refusal) => STATUS_BY_REFUSAL[refusal] === status)
}
