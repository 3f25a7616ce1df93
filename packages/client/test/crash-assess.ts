import type { ConversationSummary } from '../src/snapshots/conversation-snapshots.ts'
import type { MessageSnapshot } from '../src/snapshots/row-snapshots.ts'
import type { Talk } from './crash-parts.ts'
import type { Device, Scene } from './crash-scene.ts'

/** A conversation as one person sees it. */
interface Seen {
  readonly name: string
  readonly summary: ConversationSummary
  readonly messages: readonly MessageSnapshot[]
  readonly gaps: number
  /** The account has another device: of what that one says, this one knows only that it has left. */
  readonly hasOther: boolean
}

/** What is wrong in the end: with what people see of their conversations, and with the uses of invitations. */
export async function assess(talks: readonly Talk[], scene: Scene): Promise<string[]> {
  const devices = [...scene.devices.values()]
  const seen = (await Promise.all(devices.map((device) => conversationsOf(device, devices)))).flat()
  const byId = Map.groupBy(seen, ({ summary }) => summary.conversation)
  const violations = byId.size === talks.length ? [] : [`there are ${String(byId.size)} conversations`]
  for (const talk of talks) {
    const names = everybodyIn(talk).join()
    const found = [...byId.values()].filter(
      (views) => views[0]?.summary.kind === talk.kind && namesOf(views).join() === names,
    )
    const [views] = found
    if (views === undefined || found.length > 1)
      violations.push(`${talk.kind} of ${names}: found ${found.length} times`)
    else violations.push(...wrongIn(talk, views))
  }
  return [...violations, ...devices.flatMap(invitationsOf), ...knocksOf(scene)]
}

function everybodyIn({ people, others = {} }: Talk): string[] {
  return [...new Set([...people, ...Object.keys(others)])].toSorted()
}

function namesOf(views: readonly Seen[]): string[] {
  return views.map(({ name }) => name).toSorted()
}

function wrongIn(talk: Talk, views: readonly Seen[]): string[] {
  const { kind, people, others = {} } = talk
  const wrong = views.flatMap(({ name, summary, messages, gaps, hasOther }) => {
    const isIn = people.includes(name)
    const texts = messages.map(({ text }) => text)
    const wanted = others[name] ?? talk.texts
    const roster = summary.members.filter(({ state }) => state === undefined).map((member) => member.name)
    return [
      ...differ(`${name} sees in the ${kind}`, texts.toSorted(), wanted.toSorted()),
      ...differ(`${name} is`, [summary.phase], [isIn ? 'active' : 'ended']),
      ...(kind === 'group' && isIn ? differ(`${name} sees in the roster`, roster.toSorted(), people.toSorted()) : []),
      ...(summary.rekeying && isIn ? [`${name} waits for new keys`] : []),
      ...(gaps > 0 ? [`${name} misses something`] : []),
      ...(messages.some((message) => isUnsure(message, hasOther)) ? [`${name} has messages that not all have`] : []),
    ]
  })
  return areInOneOrder(views) ? wrong : [...wrong, 'the order is not the same for all']
}

function differ(what: string, found: readonly string[], wanted: readonly string[]): string[] {
  return found.join() === wanted.join() ? [] : [`${what}: ${found.join(', ')}; it should be: ${wanted.join(', ')}`]
}

/** An own message that is still on its way to somebody. */
function isUnsure({ own, state, reached }: MessageSnapshot, hasOther: boolean): boolean {
  const unsure = hasOther ? ['queued'] : ['queued', 'sent']
  return own && (unsure.includes(state) || (reached !== undefined && reached.delivered < reached.of))
}

/** What two see, they see in the same order. */
function areInOneOrder(views: readonly Seen[]): boolean {
  const orders = views.map(({ messages }) => messages.map(({ id }) => id))
  return orders.every((one) =>
    orders.every((two) => {
      const shared = one.filter((id) => two.includes(id))
      return shared.join() === two.filter((id) => one.includes(id)).join()
    }),
  )
}

function invitationsOf({ name, client }: Device): string[] {
  return client.snapshot
    .get()
    .invitations.flatMap(({ used, uses, state }) => [
      ...(used > uses ? [`${name} has an invitation that was used twice`] : []),
      ...(state === 'open' ? [`${name} has an invitation that is still open`] : []),
    ])
}

function knocksOf({ relay }: Scene): string[] {
  const knocks = [...relay.store.mailboxes.values()].filter(({ params }) => params.lane === 'knock')
  const twice = knocks.filter(
    ({ params, entries }) => new Set(entries.map((entry) => entry.knock)).size > params.capacity,
  )
  return twice.map(() => 'an invitation was used twice')
}

async function conversationsOf({ name, client }: Device, all: readonly Device[]): Promise<Seen[]> {
  const { account } = client.snapshot.get().self
  const hasOther = all.filter((other) => other.client.snapshot.get().self.account === account).length > 1
  return Promise.all(
    client.snapshot.get().conversations.map(async (summary) => {
      const { rows } = await client.do('messages', { conversation: summary.conversation, limit: 1_000 })
      const messages = rows.flatMap((row) => ('text' in row ? [row] : []))
      return { name, summary, messages, gaps: rows.filter((row) => 'missing' in row).length, hasOther }
    }),
  )
}
