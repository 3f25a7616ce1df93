import type { Relay, RelayRefusal } from '@sotto/interface'
import { SottoError } from '@sotto/interface'
import type { Retirement } from './profile.ts'

/** What cannot be done, in one sentence for a person. */
export class ClientError extends SottoError {
  override readonly name: string = 'ClientError'
}

const FORGED =
  'The invitation at the relay was not made by the person whose link you have. Do not trust it; ask for a new invitation.'

const INVITATION_SENTENCES: Readonly<Record<string, string>> = {
  'not-a-link': 'This is not a Sotto invitation. Ask for the whole link and paste it again.',
  'unknown-version': 'This invitation was made by a newer Sotto. Update Sotto, then open it again.',
  unknown: 'This invitation has expired or was revoked. Ask for a new one.',
  expired: 'This invitation has expired. Ask for a new one.',
  full: 'This invitation has already been used. Ask for a new one.',
  undecryptable:
    'The relay answered with something that is not this invitation. Do not trust it; ask for a new invitation.',
  forged: FORGED,
  'wrong-account': FORGED,
  'wrong-link': FORGED,
  own: 'This is your own invitation. Send the link to somebody else.',
  blocked: 'You have blocked the person who made this invitation.',
  lost: 'This invitation was made on a device that its owner has lost. Ask the person for a new one, and how they are.',
}

const RELAY_SENTENCES: Readonly<Record<RelayRefusal, string>> = {
  unknown: 'The relay does not know this mailbox.',
  full: 'The mailbox at the relay is full. Try again later.',
  expired: 'The mailbox at the relay has expired.',
  quota: 'The relay has no room left. Try another relay, or try again later.',
  'too-large': 'The relay refused it because it is too large.',
  'bad-request': 'The relay did not understand the request. Update Sotto or try another relay.',
  'proof-of-work': 'The relay asked for more work than this device did. Try again.',
  busy: 'The relay is busy. Try again in a minute.',
  unreachable: 'No relay could be reached. Check the network and that the relay is running, then try again.',
}

/** The error for an invitation that cannot be used; unknown reasons get the sentence for what is no link. */
export function invitationError(reason: string, cause?: unknown): ClientError {
  const sentence = INVITATION_SENTENCES[reason] ?? INVITATION_SENTENCES['not-a-link']
  return new ClientError(`invitation-${reason}`, sentence ?? reason, { cause })
}

/** The error for a relay's refusal. */
export function relayError(refusal: RelayRefusal, cause?: unknown): ClientError {
  return new ClientError(`relay-${refusal}`, RELAY_SENTENCES[refusal], { cause })
}

/** The error for an id that names nothing here. `what` is one of our words, never the id. */
export function unknownId(
  what: 'conversation' | 'request' | 'invitation' | 'account' | 'message' | 'device',
): ClientError {
  const where = what === 'message' ? 'Ids of messages are shown with --json.' : 'Ids are shown by the list commands.'
  return new ClientError(`unknown-${what}`, `There is no such ${what} here. ${where}`)
}

/** The error for a relay that cannot be reached: why, where that is known. */
export function unreachableError({ problem }: Pick<Relay, 'problem'>): ClientError {
  return problem === 'wrong-peer' ? wrongPeer() : relayError('unreachable')
}

/** The error for relays none of which can be reached. */
export function noneReachedError(relays: readonly Relay[]): ClientError {
  return unreachableError(relays.find((relay) => relay.problem === 'wrong-peer') ?? { problem: undefined })
}

/** The error for relays that were reached and did not answer in time. */
export function slowError(): ClientError {
  return new ClientError('relay-slow', 'The relay was reached, and did not answer in time. Try again in a moment.')
}

/** The error for an address at which somebody else answers. */
function wrongPeer(): ClientError {
  return new ClientError(
    'relay-wrong-peer',
    'Another relay answers at this address than the one that was asked for. Check the address, or ask for a new invitation.',
  )
}

/** What whoever asks something of a retired device is told. */
export function retiredError(why: Retirement): ClientError {
  const text =
    why === 'revoked'
      ? 'This device was revoked by another one of yours. Nothing can be sent from here any more.'
      : 'This copy of Sotto is older than one that was used elsewhere, so it sends nothing any more. Set up Sotto anew.'
  return new ClientError('device-retired', text)
}
