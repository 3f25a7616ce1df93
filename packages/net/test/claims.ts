import type { Hello } from '@sotto/interface'
import { decodeHelloInit, decodeHelloReply, encodeHelloInit, encodeHelloReply } from '@sotto/wire'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'

interface Peers {
  readonly dialler: string
  readonly listener: string
}

/** What a side that knows the word says to the other, in a claim of the wire's form. */
function claim(word: string, role: 'dialler' | 'listener', { dialler, listener }: Peers): Proof {
  const sealed = fromString(`${word} ${role} ${dialler} ${listener}`.padEnd(128, '.'))
  return { tag: fromString(`${role} knows`.padEnd(16, '.')), sealed }
}

interface Proof {
  readonly tag: Uint8Array
  readonly sealed: Uint8Array
}

export function claimInit(word: string, peers: Peers): Uint8Array {
  return encodeHelloInit({ claims: [claim(word, 'dialler', peers)] })
}

export function claimReply(word: string, peers: Peers): Uint8Array {
  return encodeHelloReply(claim(word, 'listener', peers))
}

/** A hello as clients say it, through the wire's own decoders, with a word in the place of keys. */
export function claimHello(word: string): Hello {
  const isTrue = (said: Proof, role: 'dialler' | 'listener', peers: Peers): boolean => {
    const wanted = claim(word, role, peers)
    return toString(said.tag) === toString(wanted.tag) && toString(said.sealed) === toString(wanted.sealed)
  }
  return {
    dial: (_context, peers) => claimInit(word, peers),
    accept: (bytes, peers) => {
      const init = decodeHelloInit(bytes)
      if (!init.ok || !init.value.claims.some((said) => isTrue(said, 'dialler', peers))) return undefined
      return { context: 'talk', reply: claimReply(word, peers) }
    },
    confirm: (_context, bytes, peers) => {
      const reply = decodeHelloReply(bytes)
      return reply.ok && isTrue(reply.value, 'listener', peers)
    },
  }
}
