import { MAX_ENVELOPE_BYTES } from '@sotto/wire'

// What bounds a topic; why, is in LIMITS.md.
export const MAX_TOPIC_NAME = 64
export const TOPIC_KEY_BYTES = 32
export const TOPIC_TAG_BYTES = 32
export const MAX_TOPIC_MESSAGE_BYTES: number = TOPIC_TAG_BYTES + MAX_ENVELOPE_BYTES
export const MAX_TOPIC_FRAME_MESSAGES = 1_280
export const MAX_TOPIC_FRAME_BYTES: number = 1_536 * 1024
export const MAX_TOPIC_UNSENT_BYTES: number = 2 * 1024 * 1024
export const MAX_TOPIC_WAITING = 256
export const MAX_TOPIC_HELD = 64
export const MAX_TOPIC_INVALID = 3
export const TOPIC_BYTES_PER_SECOND: number = 128 * 1024
export const TOPIC_BYTES_AT_ONCE: number = 1024 * 1024
export const TOPIC_BYTES_AT_LEAST = 1_024
