import { EMPTY_REASSEMBLY, sealEnvelope, sizeFor, splitInner, type Reassembly } from '@sotto/group'
import type { ConversationId, DeviceId, DirectSession } from '@sotto/interface'
import { MAX_ENVELOPE_BYTES } from '@sotto/wire'
import type { Conversation } from '../conversation/conversation.ts'
import { Lane } from '../lane.ts'
import { Sent } from './sent.ts'

/** Items on their way at once under keys under which the other end takes what comes; under others one, to find out. */
const WINDOW = 16
/** Until what was refused goes again; twice as long each further time, as long as nothing is taken under these keys. */
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 60_000

/** How far the keys of one generation can be used over a path. */
interface KeyUse {
  /** The other end has sealed something under them, or taken something. */
  isKnown: boolean
  /** And nothing has been refused since. */
  isFlowing: boolean
  onTheWay: number
  waitMs: number
  blockedUntil: number
  /** Something waits for room. */
  isShort: boolean
  /** What is to be done for each item that was refused, so that it may go again. */
  refused: (() => void)[]
}

/** One proven path: what has gone over it, and which keys its other end has. */
export class Path {
  readonly session: DirectSession
  readonly device: DeviceId
  reassembly: Reassembly = EMPTY_REASSEMBLY
  readonly #sent = new Map<ConversationId, Sent>()
  readonly #keys = new Map<string, KeyUse>()
  readonly #large = new Lane()

  constructor(session: DirectSession, device: DeviceId) {
    this.session = session
    this.device = device
  }

  /** What has gone over it of a conversation. */
  sent(conversation: ConversationId): Sent {
    const sent = this.#sent.get(conversation) ?? new Sent()
    this.#sent.set(conversation, sent)
    return sent
  }

  /** Whether one more item may go under these keys now; what may not goes when there is room. `now`: monotonic, ms. */
  hasRoom(generation: string, now: number): boolean {
    const use = this.#use(generation)
    if (now < use.blockedUntil) return false
    use.isShort = use.onTheWay >= (use.isFlowing ? WINDOW : 1)
    return !use.isShort
  }

  began(generation: string): void {
    this.#use(generation).onTheWay += 1
  }

  /** An item was taken. Answers whether what waits for room may go now. */
  held(generation: string): boolean {
    const use = this.#use(generation)
    use.onTheWay -= 1
    flow(use)
    return use.isShort && use.onTheWay <= WINDOW / 2
  }

  /**
   * An item was not taken: `again` is called when it may go again. Answers in how many ms {@link release} is due, for it and all else under these keys;
   * undefined when that is known already: those that were on their way together count as one.
   */
  refused(generation: string, now: number, again: () => void): number | undefined {
    const use = this.#use(generation)
    use.onTheWay -= 1
    use.isFlowing = false
    use.refused.push(again)
    if (now < use.blockedUntil) return undefined
    const waitMs = use.waitMs
    use.blockedUntil = now + waitMs
    use.waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)
    return waitMs
  }

  /** The other end has sealed something under these keys. Answers whether more may go for it: if that is new, and not if it has them and takes nothing. */
  shown(generation: string): boolean {
    const use = this.#use(generation)
    if (use.isKnown) return false
    flow(use)
    this.release(generation)
    return true
  }

  /** The time is over: what was refused under these keys may go again. */
  release(generation: string): void {
    const use = this.#use(generation)
    use.blockedUntil = -Infinity
    for (const again of use.refused.splice(0)) again()
  }

  isKnown(generation: string): boolean {
    return this.#use(generation).isKnown
  }

  /** One piece of work after the other: the other end keeps only so many items that it has in part. */
  alone(work: () => Promise<boolean>): Promise<boolean> {
    return this.#large.run(work)
  }

  #use(generation: string): KeyUse {
    const use = this.#keys.get(generation) ?? {
      isKnown: false,
      isFlowing: false,
      onTheWay: 0,
      waitMs: FIRST_WAIT_MS,
      blockedUntil: -Infinity,
      isShort: false,
      refused: [],
    }
    this.#keys.set(generation, use)
    return use
  }
}

/** What is refused from here on waits as at first. */
function flow(use: KeyUse): void {
  use.isKnown = true
  use.isFlowing = true
  use.blockedUntil = -Infinity
  use.waitMs = FIRST_WAIT_MS
}

/** Whether the other end was in when that generation was opened: else it cannot open what is sealed under it. */
export function wasIn({ generations }: Conversation, { device }: Path, id: string): boolean {
  return generations.find((known) => known.id === id)?.devices.includes(device) === true
}

/** Under the generation that the item was made for: who lacks a newer one finds the commit to it among these. True once the other end holds it. */
export async function send(
  conversation: Conversation,
  path: Path,
  inner: Uint8Array,
  generation: string,
): Promise<boolean> {
  const { keys } = conversation.generations.find(({ id }) => id === generation) ?? conversation.generation
  const size = Math.min(sizeFor(inner.length, 'direct'), MAX_ENVELOPE_BYTES)
  const fragments = splitInner(inner, size)
  if (!fragments.ok) return false
  const seal = (fragment: (typeof fragments.value)[number]): Promise<boolean> =>
    path.session.send(sealEnvelope({ keys, path: 'direct', size, ...fragment }))
  const [first, ...others] = fragments.value
  if (first === undefined) return false
  if (others.length === 0) return seal(first)
  // Whoever cannot open the first is spared the others.
  return path.alone(async () => (await seal(first)) && (await Promise.all(others.map(seal))).every((isHeld) => isHeld))
}
