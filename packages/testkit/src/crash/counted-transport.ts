import type { DirectSession, Relay, Topic, Transport, TransportEvents } from '@sotto/interface'
import type { MortalProcess } from './mortal-process.ts'

/** The network of a process that may die at each call; when it dies, its connections end. */
export function countedTransport(process: MortalProcess, transport: Transport): Transport {
  const relays = new WeakMap<Relay, Relay>()
  const sessions = new WeakMap<DirectSession, DirectSession>()
  const relay = (inner: Relay): Relay => once(relays, inner, () => countedRelay(process, inner))
  const session = (inner: DirectSession): DirectSession => once(sessions, inner, () => countedSession(process, inner))
  process.onDeath(() => void transport.stop())
  return {
    get peerId() {
      return transport.peerId
    },
    get addresses() {
      return transport.addresses
    },
    start: (events, hello) =>
      process.call('transport.start', () => transport.start(heard(process, events, { relay, session }), hello)),
    stop: () => process.call('transport.stop', () => transport.stop()),
    relay: (address) => relay(transport.relay(address)),
    hurry: () => process.tell('transport.hurry', () => transport.hurry()),
    forget: (id) => process.tell('transport.forget', () => transport.forget(id)),
    expect: (peer, until) => process.tell('transport.expect', () => transport.expect(peer, until)),
    dial: (...ask) =>
      process.call('transport.dial', async () => {
        const dialled = await transport.dial(...ask)
        return dialled.ok ? { ok: true, value: session(dialled.value) } : dialled
      }),
    topic: (about) => countedTopic(process, transport.topic(about)),
  }
}

/** Events as the process hears them: with its own objects, and only while it lives. */
function heard(
  process: MortalProcess,
  events: TransportEvents,
  own: { relay(inner: Relay): Relay; session(inner: DirectSession): DirectSession },
): TransportEvents {
  const alive = (run: () => void): void => {
    if (!process.isDead) run()
  }
  return {
    async onEnvelope(session, envelope) {
      if (process.isDead) return false
      // With the process its connection ends, and with that the other side's waiting for an ack.
      const isHeld = await Promise.race([events.onEnvelope(own.session(session), envelope), process.death])
      return isHeld === true && !process.isDead
    },
    onGossip: (topic, envelope) => (process.isDead ? undefined : events.onGossip?.(topic, envelope)),
    onSession: (session) => alive(() => events.onSession(own.session(session))),
    onSessionEnd: (session) => alive(() => events.onSessionEnd(own.session(session))),
    onMail: (relay, mailbox) => alive(() => events.onMail(relay, mailbox)),
    onSignal: (relay, mailbox, record) => alive(() => events.onSignal(relay, mailbox, record)),
    onRelay: (relay) => alive(() => events.onRelay(own.relay(relay))),
    onAddresses: (addresses) => alive(() => events.onAddresses(addresses)),
  }
}

function countedRelay(process: MortalProcess, relay: Relay): Relay {
  return {
    id: relay.id,
    address: relay.address,
    get reachable() {
      return relay.reachable && !process.isDead
    },
    get problem() {
      return relay.problem
    },
    create: (...ask) => process.call('relay.create', () => relay.create(...ask)),
    put: (...ask) => process.call('relay.put', () => relay.put(...ask)),
    list: (...ask) => process.call('relay.list', () => relay.list(...ask)),
    get: (...ask) => process.call('relay.get', () => relay.get(...ask)),
    subscribe: (...ask) => process.call('relay.subscribe', () => relay.subscribe(...ask)),
    unsubscribe: (ids) => process.tell('relay.unsubscribe', () => relay.unsubscribe(ids)),
    signal: (...ask) => process.call('relay.signal', () => relay.signal(...ask)),
    putBlob: (...ask) => process.call('relay.putBlob', () => relay.putBlob(...ask)),
    getBlob: (...ask) => process.call('relay.getBlob', () => relay.getBlob(...ask)),
    deleteBlob: (...ask) => process.call('relay.deleteBlob', () => relay.deleteBlob(...ask)),
  }
}

function countedSession(process: MortalProcess, session: DirectSession): DirectSession {
  return {
    context: session.context,
    peer: session.peer,
    path: session.path,
    send: (envelope) => process.call('session.send', () => session.send(envelope)),
    close: () => process.tell('session.close', () => session.close()),
  }
}

function countedTopic(process: MortalProcess, topic: Topic): Topic {
  return {
    get peers() {
      return topic.peers
    },
    setPeers: (peers) => process.tell('topic.setPeers', () => topic.setPeers(peers)),
    publish: (envelope) => process.tell('topic.publish', () => topic.publish(envelope)),
    leave: () => process.tell('topic.leave', () => topic.leave()),
  }
}

/** One object of ours for each of theirs: the client compares them. */
function once<T extends object>(known: WeakMap<T, T>, inner: T, make: () => T): T {
  const found = known.get(inner) ?? make()
  known.set(inner, found)
  return found
}
