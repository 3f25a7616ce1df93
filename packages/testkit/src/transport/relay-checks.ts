import type { RelayResult } from '@sotto/interface'
import { assertRefused, assertSame } from '../store/assert.ts'
import { bytes, mailboxOf, relayOf, tag, until, type NetChecks } from './place.ts'

const PAGE = 256
const UNKNOWN = { ok: false, reason: 'unknown' }
const UNREACHABLE = { ok: false, reason: 'unreachable' }

/** What a relay promises, as a client sees it (spec/mailbox.md). */
export const RELAY_CHECKS: NetChecks = {
  async 'what is put is there, once for each tag of a write key, oldest first'(place) {
    const relay = await relayOf(await place.peer(), place)
    const { params, readKey, writeKeys } = await mailboxOf(place, { writers: 2 })
    const mailbox = valueOf(await relay.create(params, readKey))
    assertSame(valueOf(await relay.create(params, readKey)), mailbox, 'made once more')
    const [one, two] = [writeKeys[0], writeKeys[1] ?? writeKeys[0]]
    const first = valueOf(await relay.put(mailbox, one, { tag: tag(1), body: bytes(1, 2_048) })).seq
    const again = valueOf(await relay.put(mailbox, one, { tag: tag(1), body: bytes(7, 2_048) })).seq
    const second = valueOf(await relay.put(mailbox, two, { tag: tag(1), body: bytes(2, 16_384) })).seq
    assertSame([again === first, second > first], [true, true], 'places')
    const { entries, last } = valueOf(await relay.list(mailbox, readKey, 0))
    const expected = [
      { seq: first, tag: tag(1), bytes: 2_048 },
      { seq: second, tag: tag(1), bytes: 16_384 },
    ]
    assertSame([entries, last], [expected, second], 'what is listed')
    assertSame(valueOf(await relay.list(mailbox, readKey, first)).entries, expected.slice(1), 'after the first')
    const bodies = valueOf(await relay.get(mailbox, readKey, [first, second, second + 1]))
    assertSame(
      bodies.toSorted((a, b) => a.seq - b.seq),
      [
        { seq: first, body: bytes(1, 2_048) },
        { seq: second, body: bytes(2, 16_384) },
      ],
      'what is given back',
    )
  },

  async 'without the right key nothing is read, written or watched, as if it were not there'(place) {
    const relay = await relayOf(await place.peer(), place)
    const { params, readKey, writeKeys } = await mailboxOf(place)
    const [writeKey] = writeKeys
    const wrong = await place.key(99)
    const mailbox = valueOf(await relay.create(params, readKey))
    const other = await mailboxOf(place, { seed: 20 })
    const entry = { tag: tag(1), body: bytes(1, 2_048) }
    valueOf(await relay.put(mailbox, writeKey, entry))
    assertSame(await relay.put(mailbox, wrong, entry), UNKNOWN, 'put with another key')
    assertSame(await relay.put(mailbox, readKey, entry), UNKNOWN, 'put with the key for reading')
    assertSame(await relay.list(mailbox, wrong, 0), UNKNOWN, 'listed with another key')
    assertSame(await relay.get(mailbox, writeKey, [1]), UNKNOWN, 'fetched with the key for writing')
    assertSame(await relay.signal(mailbox, wrong, bytes(1, 2_048)), UNKNOWN, 'signalled with another key')
    const mine = { mailbox, readKey }
    assertSame(await relay.subscribe([mine, { mailbox, readKey: wrong }]), UNKNOWN, 'watched with another key')
    const nowhere = valueOf(await relay.create(other.params, other.readKey))
    assertSame(await relay.list(nowhere, readKey, 0), UNKNOWN, "listed with another mailbox's key")
  },

  async 'a body has 2,048 or 16,384 bytes'(place) {
    const relay = await relayOf(await place.peer(), place)
    const { params, readKey, writeKeys } = await mailboxOf(place)
    const mailbox = valueOf(await relay.create(params, readKey))
    for (const length of [1, 2_047, 2_049, 16_383]) {
      const put = (): Promise<unknown> => relay.put(mailbox, writeKeys[0], { tag: tag(1), body: bytes(1, length) })
      await assertRefused(put, 'not-encodable', `${length} bytes`)
    }
    assertSame(valueOf(await relay.list(mailbox, readKey, 0)).entries, [], 'what is there')
  },

  [`a list has at most ${PAGE} entries, and goes on after its last`]: async (place) => {
    const relay = await relayOf(await place.peer(), place)
    const { params, readKey, writeKeys } = await mailboxOf(place)
    const mailbox = valueOf(await relay.create(params, readKey))
    for (let at = 0; at <= PAGE; at += 1) {
      const own = new Uint8Array(16)
      new DataView(own.buffer).setUint16(0, at)
      valueOf(await relay.put(mailbox, writeKeys[0], { tag: own, body: bytes(at % 256, 2_048) }))
    }
    const page = valueOf(await relay.list(mailbox, readKey, 0))
    assertSame(page.entries.length, PAGE, 'how many at once')
    const rest = valueOf(await relay.list(mailbox, readKey, page.entries.at(-1)?.seq ?? 0))
    assertSame([rest.entries.length, rest.entries.at(-1)?.seq], [1, page.last], 'the rest')
  },

  async 'whoever watches is told of what others put, until it watches no more, and never of its own'(place) {
    const [a, b] = [await place.peer(), await place.peer()]
    const [here, there] = [await relayOf(a, place), await relayOf(b, place)]
    const { params, readKey, writeKeys } = await mailboxOf(place)
    const mailbox = valueOf(await here.create(params, readKey))
    for (const relay of [here, there]) valueOf(await relay.subscribe([{ mailbox, readKey }]))
    valueOf(await there.put(mailbox, writeKeys[0], { tag: tag(1), body: bytes(1, 2_048) }))
    await until(() => a.mail.length > 0)
    assertSame(new Set(a.mail).size, 1, 'mailboxes with mail')
    here.unsubscribe([mailbox])
    const before = a.mail.length
    // An answer on the same stream: what was sent before it would have come.
    valueOf(await here.list(mailbox, readKey, 0))
    valueOf(await there.put(mailbox, writeKeys[0], { tag: tag(2), body: bytes(1, 2_048) }))
    valueOf(await here.list(mailbox, readKey, 0))
    assertSame([a.mail.length - before, b.mail.length], [0, 0], 'told after it, and of its own')
  },

  async 'a signal reaches the others who watch, also those who come within a minute, and is stored nowhere'(place) {
    const [a, b, late] = [await place.peer(), await place.peer(), await place.peer()]
    const [here, there] = [await relayOf(a, place), await relayOf(b, place)]
    const { params, readKey, writeKeys } = await mailboxOf(place, { lane: 'control' })
    const mailbox = valueOf(await here.create(params, readKey))
    for (const relay of [here, there]) valueOf(await relay.subscribe([{ mailbox, readKey }]))
    const short = (): Promise<unknown> => there.signal(mailbox, writeKeys[0], bytes(1, 2_047))
    await assertRefused(short, 'not-encodable', 'of another size')
    valueOf(await there.signal(mailbox, writeKeys[0], bytes(3, 2_048)))
    await until(() => a.signals.length > 0)
    valueOf(await (await relayOf(late, place)).subscribe([{ mailbox, readKey }]))
    await until(() => late.signals.length > 0)
    for (const { signals } of [a, late]) assertSame(signals, [{ mailbox, record: bytes(3, 2_048) }], 'what came')
    assertSame(b.signals, [], 'what its author was told')
    assertSame(valueOf(await here.list(mailbox, readKey, 0)).entries, [], 'what is stored')
  },

  async 'a knock mailbox takes as many knocks as it was made for, each of several entries, and none after its time'(
    place,
  ) {
    const relay = await relayOf(await place.peer(), place)
    const about = { lane: 'knock', capacity: 2, expiresAt: place.now + 3_600 } as const
    const { params, readKey, writeKeys } = await mailboxOf(place, about)
    const mailbox = valueOf(await relay.create(params, readKey))
    const knock = (mark: number, entry: number): ReturnType<typeof relay.put> =>
      relay.put(mailbox, writeKeys[0], { tag: tag(entry), body: bytes(mark, 2_048), knock: bytes(mark, 16) })
    for (const [mark, entry] of [
      [1, 1],
      [1, 2],
      [2, 3],
    ] as const)
      valueOf(await knock(mark, entry))
    assertSame(await knock(3, 4), { ok: false, reason: 'full' }, 'a third knock')
    valueOf(await knock(2, 5))
    const over = await mailboxOf(place, { ...about, seed: 30, expiresAt: place.now - 1 })
    const made = await relay.create(over.params, over.readKey)
    const put = made.ok
      ? await relay.put(made.value, over.writeKeys[0], { tag: tag(1), body: bytes(1, 2_048), knock: bytes(1, 16) })
      : made
    assertSame(put, { ok: false, reason: 'expired' }, 'after its time')
  },

  async 'a blob is read by who knows its id, and changed by its owner only'(place) {
    const relay = await relayOf(await place.peer(), place)
    const [owner, other] = [await place.key(1), await place.key(2)]
    const id = bytes(5, 32)
    const blob = { id, ownerKey: owner, bytes: bytes(1, 4_096), expiresAt: place.now + 3_600 }
    assertSame(await relay.getBlob(id), UNKNOWN, 'before it is there')
    valueOf(await relay.putBlob(blob))
    assertSame(valueOf(await relay.getBlob(id)), blob.bytes, 'what is given back')
    assertSame(await relay.putBlob({ ...blob, ownerKey: other }), UNKNOWN, 'put by another')
    assertSame(await relay.deleteBlob(id, other), UNKNOWN, 'deleted by another')
    valueOf(await relay.putBlob({ ...blob, bytes: bytes(2, 4_096) }))
    assertSame(valueOf(await relay.getBlob(id)), bytes(2, 4_096), 'replaced by its owner')
    valueOf(await relay.deleteBlob(id, owner))
    assertSame(await relay.getBlob(id), UNKNOWN, 'after it is deleted')
    assertSame(await relay.deleteBlob(id, owner), UNKNOWN, 'deleted once more')
  },

  async 'a relay that is gone answers nothing, is back by itself with what it had, and goes on telling'(place) {
    const [a, b] = [await place.peer(), await place.peer()]
    const [here, there] = [await relayOf(a, place), await relayOf(b, place)]
    const { params, readKey, writeKeys } = await mailboxOf(place)
    const mailbox = valueOf(await here.create(params, readKey))
    valueOf(await here.put(mailbox, writeKeys[0], { tag: tag(1), body: bytes(1, 2_048) }))
    valueOf(await here.subscribe([{ mailbox, readKey }]))
    await place.setRelay(false)
    await until(() => !here.reachable && !there.reachable)
    assertSame(await here.list(mailbox, readKey, 0), UNREACHABLE, 'while it is gone')
    assertSame(here.problem === undefined, false, 'whether somebody can be told why')
    await place.setRelay(true)
    for (const { transport } of [a, b]) transport.hurry()
    await until(() => here.reachable && there.reachable)
    assertSame(valueOf(await here.list(mailbox, readKey, 0)).entries.length, 1, 'what it had')
    valueOf(await there.put(mailbox, writeKeys[0], { tag: tag(2), body: bytes(1, 2_048) }))
    await until(() => a.mail.includes(mailbox))
    assertSame(a.relays, [true, false, true], 'what was said of it')
    a.transport.forget(here.id)
  },
}

function valueOf<T>(result: RelayResult<T>): T {
  if (!result.ok) throw new Error(`the relay refused: ${result.reason}`)
  return result.value
}
