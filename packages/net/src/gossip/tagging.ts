import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concat } from 'uint8arrays/concat'
import { equals } from 'uint8arrays/equals'
import { fromString } from 'uint8arrays/from-string'

import { MAX_TOPIC_MESSAGE_BYTES, TOPIC_TAG_BYTES } from './limits.ts'

/** The check that whoever made a message knows the topic's key. Without state, so that it says the same to everybody at any time. */
export class Tagging {
  readonly #keyed: ReturnType<typeof hmac.create>

  constructor(key: Uint8Array) {
    this.#keyed = hmac.create(sha256, key)
  }

  /** HMAC-SHA-256(key, envelope) ‖ envelope. */
  add(envelope: Uint8Array): Uint8Array {
    return concat([this.#tag(envelope), envelope])
  }

  /** The envelope; undefined when the tag is not the key's, or the size is none of an envelope. */
  remove(message: Uint8Array): Uint8Array | undefined {
    if (message.length <= TOPIC_TAG_BYTES || message.length > MAX_TOPIC_MESSAGE_BYTES) return undefined
    const envelope = message.subarray(TOPIC_TAG_BYTES)
    return equals(message.subarray(0, TOPIC_TAG_BYTES), this.#tag(envelope)) ? envelope : undefined
  }

  #tag(envelope: Uint8Array): Uint8Array {
    return this.#keyed.clone().update(envelope).digest()
  }
}

/**
 * What a message is known by: gossipsub's own default leaves the topic out, so that one who repeats a message in another topic first keeps it from
 * arriving in its own.
 */
export function messageId(topic: string, envelope: Uint8Array): Uint8Array {
  return sha256(concat([fromString(topic), Uint8Array.of(0), envelope]))
}
