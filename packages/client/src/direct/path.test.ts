import { generationKeys } from '@sotto/group'
import type { ConversationId, DeviceId, DirectSession, GenerationId } from '@sotto/interface'
import { seededRandom, virtualClock, type SeededRandom, type VirtualClock } from '@sotto/testkit'
import { expect, test } from 'vitest'
import type { Conversation } from '../conversation/conversation.ts'
import { Path } from './path.ts'

const DEVICE = 'device' as DeviceId
/** Section 6 of spec/direct.md: more refusals than that in a row within a minute, and the path ends. */
const MAX_REFUSED = 64
const MINUTE_MS = 60_000

/** A conversation of one generation, and what waits in it. */
function conversationWith(name: string, random: SeededRandom): Conversation {
  const generation = {
    id: name as GenerationId,
    keys: generationKeys(random.bytes(32)),
    devices: [DEVICE],
  }
  return { id: name as ConversationId, generations: [generation], generation } as unknown as Conversation
}

/** The other end as the transport has it: what it cannot open or keep is refused, and after too many refusals nothing is heard of it any more. */
class OtherEnd {
  readonly taken: string[] = []
  /** Of whom what is sent now is: so that nothing has to be opened. */
  sender: Conversation | undefined
  hasEnded = false
  readonly #has = new Set<Conversation>()
  readonly #clock: VirtualClock
  readonly #random: SeededRandom
  #isFull = false
  #refused = 0
  #since = -Infinity

  constructor(clock: VirtualClock, random: SeededRandom) {
    this.#clock = clock
    this.#random = random
  }

  readonly session = {
    send: () =>
      new Promise<boolean>((answer) => {
        const { sender } = this
        const after = (run: () => void): void => void this.#clock.after(this.#random.integer(150), run)
        after(() => {
          const isHeld = this.#take(sender)
          if (!this.hasEnded) after(() => answer(isHeld))
        })
      }),
  } as unknown as DirectSession

  enters(conversation: Conversation): void {
    this.#has.add(conversation)
  }

  /** Its disk takes nothing, or something again. */
  fills(isFull: boolean): void {
    this.#isFull = isFull
  }

  #take(sender: Conversation | undefined): boolean {
    const isHeld = sender !== undefined && this.#has.has(sender) && !this.#isFull
    const now = this.#clock.monotonic()
    if (isHeld || now - this.#since > MINUTE_MS) this.#refused = 0
    if (isHeld) this.taken.push(sender.id)
    else {
      if (this.#refused === 0) this.#since = now
      this.#refused += 1
      this.hasEnded ||= this.#refused > MAX_REFUSED
    }
    return isHeld
  }
}

const SEEDS = Array.from({ length: 8 }, (_, at) => at + 1)

test.for(SEEDS)(
  'no honest sender is refused so often that its path ends, and everything comes in the end (seed %i)',
  async (seed) => {
    const random = seededRandom(`path ${seed}`)
    const clock = virtualClock()
    const other = new OtherEnd(clock, random)
    const conversations = Array.from({ length: random.integer(120) + 1 }, (_, at) =>
      conversationWith(`${seed} ${at}`, random),
    )
    const waiting = new Map(conversations.map((each) => [each, 1 + random.integer(8)]))
    const path: Path = new Path({ session: other.session, device: DEVICE, clock, flush })
    const wanted = [...waiting.values()].reduce((a, b) => a + b) + 5 * conversations.length
    let left = wanted

    function flush(conversation: Conversation): void {
      const { id } = conversation.generation
      for (let count = waiting.get(conversation) ?? 0; count > 0 && path.hasRoom(conversation, id); count -= 1) {
        waiting.set(conversation, count - 1)
        const again = (): void => void waiting.set(conversation, (waiting.get(conversation) ?? 0) + 1)
        other.sender = conversation
        void path.carry(conversation, { inner: Uint8Array.of(1), generation: id }, again).then((isHeld) => {
          if (isHeld) left -= 1
        })
      }
    }

    const known = random.integer(conversations.length + 1)
    for (const conversation of conversations.slice(0, known)) other.enters(conversation)
    // The others it enters later, one now and then; its disk is full for a while.
    for (const conversation of conversations.slice(known))
      clock.after(random.integer(10 * MINUTE_MS), () => {
        other.enters(conversation)
        if (random.chance(0.5)) path.shown(conversation, conversation.generation.id)
      })
    clock.after(random.integer(2 * MINUTE_MS), () => {
      other.fills(true)
      // Just then there is much to say.
      for (const conversation of conversations) {
        waiting.set(conversation, (waiting.get(conversation) ?? 0) + 5)
        flush(conversation)
      }
    })
    clock.after(5 * MINUTE_MS, () => other.fills(false))
    for (const conversation of conversations) flush(conversation)

    while (left > 0 && !other.hasEnded && clock.runNext()) await Promise.resolve().then(() => Promise.resolve())
    expect({ hasEnded: other.hasEnded, left }).toEqual({ hasEnded: false, left: 0 })
    expect(other.taken).toHaveLength(wanted)
  },
)

test('what the other end takes goes at once, however many others have to be found out', async () => {
  const random = seededRandom('stuck')
  const clock = virtualClock()
  const other = new OtherEnd(clock, random)
  const [known, ...stuck] = Array.from({ length: 101 }, (_, at) => conversationWith(`stuck ${at}`, random))
  if (known === undefined) throw new Error('none')
  other.enters(known)
  const path: Path = new Path({ session: other.session, device: DEVICE, clock, flush })
  const carried = async (conversation: Conversation): Promise<boolean> => {
    other.sender = conversation
    return path.carry(conversation, { inner: Uint8Array.of(1), generation: conversation.generation.id })
  }
  function flush(conversation: Conversation): void {
    if (path.hasRoom(conversation, conversation.generation.id)) void carried(conversation)
  }

  void carried(known)
  await passed(clock, 1_000)
  for (const conversation of stuck) flush(conversation)
  await passed(clock, 10 * MINUTE_MS)
  for (let time = 0; time < 20; time += 1) {
    expect(path.hasRoom(known, known.generation.id)).toBe(true)
    void carried(known)
    await passed(clock, random.integer(MINUTE_MS))
  }
  await passed(clock, 1_000)
  expect(other.hasEnded).toBe(false)
  expect(other.taken).toHaveLength(21)
})

test('large items go one after the other', async () => {
  const random = seededRandom('large')
  const conversation = conversationWith('large', random)
  const sent: ((isHeld: boolean) => void)[] = []
  const session = { send: () => new Promise<boolean>((answer) => void sent.push(answer)) } as unknown as DirectSession
  const path = new Path({ session, device: DEVICE, clock: virtualClock(), flush: () => undefined })
  const item = { inner: new Uint8Array(100_000), generation: conversation.generation.id }
  const both = [path.send(conversation, item), path.send(conversation, item)]
  await settled()
  // Only the first part of the first: whoever cannot open that is spared the others.
  expect(sent).toHaveLength(1)
  sent[0]?.(true)
  await settled()
  const parts = sent.length
  expect(parts).toBeGreaterThan(2)
  for (const answer of sent) answer(true)
  await settled()
  expect(sent).toHaveLength(parts + 1)
  sent.at(-1)?.(false)
  expect(await Promise.all(both)).toEqual([true, false])
  expect(sent).toHaveLength(parts + 1)
})

/** That much time, and all that is done in it. */
async function passed(clock: VirtualClock, ms: number): Promise<void> {
  const end = clock.monotonic() + ms
  for (let due = clock.nextDue(); due !== undefined && due <= end; due = clock.nextDue()) {
    clock.runNext()
    await settled()
  }
  clock.advance(end - clock.monotonic())
}

/** Everything that waits for nothing has been done. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}
