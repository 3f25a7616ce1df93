import type { Hello, TransportEvents } from '@sotto/interface'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import type { NetPeer } from './place.ts'

/** What a peer notes of all that it is told. */
export function peerNotes(peer: NetPeer): TransportEvents {
  return {
    onEnvelope(session, envelope) {
      peer.received.push({ session, envelope: envelope.slice() })
      return peer.answer()
    },
    onSession: (session) => void peer.begun.push(session),
    onSessionEnd: (session) => void peer.ended.push(session),
    onMail: (_relay, mailbox) => void peer.mail.push(mailbox),
    onSignal: (_relay, mailbox, record) => void peer.signals.push({ mailbox, record: record.slice() }),
    onRelay: ({ reachable }) => void peer.relays.push(reachable),
    onAddresses: () => undefined,
  }
}

/** A peer that has been told nothing yet. */
export function newPeer(transport: NetPeer['transport']): NetPeer {
  const nothing = { begun: [], ended: [], received: [], mail: [], signals: [], relays: [] }
  return { transport, ...nothing, answer: () => Promise.resolve(true) }
}

/** Lets in, for any context, whoever says this word. */
export function wordHello(word: string): Hello {
  const said = (context: string): Uint8Array => fromString(`${word} ${context}`)
  return {
    dial: (context) => said(context),
    accept(proof) {
      const [theirs, context = ''] = toString(proof).split(/ (.*)/)
      return theirs === word ? { context, reply: said(context) } : undefined
    },
    confirm: (context, reply) => toString(reply) === toString(said(context)),
  }
}
