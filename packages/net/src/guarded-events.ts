import type { Logger, TransportEvents } from '@sotto/interface'

/** The same events, but what throws in a listener stays there: out of a stream's event it would end the process. */
export function guardEvents(events: TransportEvents, logger: Logger): TransportEvents {
  const quietly = (run: () => void): void => {
    try {
      run()
    } catch {
      logger.warn('a listener of the transport threw')
    }
  }
  return {
    onEnvelope: async (session, envelope) => {
      try {
        return await events.onEnvelope(session, envelope)
      } catch {
        logger.warn('an envelope could not be taken')
        return false
      }
    },
    onGossip: async (topic, envelope) => {
      try {
        await events.onGossip?.(topic, envelope)
      } catch {
        logger.warn('an envelope of a topic could not be taken')
      }
    },
    onSession: (session) => quietly(() => events.onSession(session)),
    onSessionEnd: (session) => quietly(() => events.onSessionEnd(session)),
    onMail: (relay, mailbox) => quietly(() => events.onMail(relay, mailbox)),
    onSignal: (relay, mailbox, record) => quietly(() => events.onSignal(relay, mailbox, record)),
    onRelay: (relay) => quietly(() => events.onRelay(relay)),
    onAddresses: (addresses) => quietly(() => events.onAddresses(addresses)),
  }
}
