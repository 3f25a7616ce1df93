import type { Decoded } from '@sotto/interface'

import {
  ProfileBodySchema,
  RelaysBodySchema,
  TextBodySchema,
  type ProfileBody,
  type RelaysBody,
  type TextBody,
} from '../gen/sotto/event_pb.js'
import { codec, type Codec, type Init } from './codec.ts'
import { MAX_EVENT_BODY_BYTES, MAX_MENTIONS, MAX_NAME_BYTES, MAX_NAME_CHARACTERS, MAX_TEXT_BYTES } from './limits.ts'
import { areDistinct, id, idOrNone, relays } from './parts.ts'
import { isWellFormed, list, text, utf8Length, type Rule } from './rules.ts'

export type { ProfileBody, RelaysBody, TextBody }

/** The rule of every name that a person chose. */
export const nameRule: Rule<string> = text(1, MAX_NAME_BYTES, hasNameForm)

const textBody: Codec<TextBody> = codec(
  TextBodySchema,
  MAX_EVENT_BODY_BYTES,
  { text: text(1, MAX_TEXT_BYTES), replyTo: idOrNone, mentions: list(0, MAX_MENTIONS, id) },
  ({ mentions }) => (areDistinct(mentions) ? undefined : 'out-of-range'),
)

const profileBody: Codec<ProfileBody> = codec(ProfileBodySchema, MAX_EVENT_BODY_BYTES, { name: nameRule })

const relaysBody: Codec<RelaysBody> = codec(RelaysBodySchema, MAX_EVENT_BODY_BYTES, { relays }, ({ relays: listed }) =>
  areDistinct(listed) ? undefined : 'out-of-range',
)

/** Whether a person's text can be a name: 1 to 64 characters (code points) without control characters. */
export function isName(name: string): boolean {
  return nameRule(name) === undefined
}

/** Whether a person's text can be sent as one message. */
export function isMessageText(message: string): boolean {
  return message !== '' && isWellFormed(message) && utf8Length(message) <= MAX_TEXT_BYTES
}

export function encodeTextBody(init: Init<TextBody>): Uint8Array {
  return textBody.encode(init)
}

export function decodeTextBody(bytes: Uint8Array): Decoded<TextBody> {
  return textBody.decode(bytes)
}

export function encodeProfileBody(init: Init<ProfileBody>): Uint8Array {
  return profileBody.encode(init)
}

export function decodeProfileBody(bytes: Uint8Array): Decoded<ProfileBody> {
  return profileBody.decode(bytes)
}

export function encodeRelaysBody(init: Init<RelaysBody>): Uint8Array {
  return relaysBody.encode(init)
}

export function decodeRelaysBody(bytes: Uint8Array): Decoded<RelaysBody> {
  return relaysBody.decode(bytes)
}

// Line breaks and terminal escapes in a name could pass for something that the program said.
function hasNameForm(name: string): boolean {
  return [...name].length <= MAX_NAME_CHARACTERS && !/[\p{Cc}\u2028\u2029]/u.test(name)
}
