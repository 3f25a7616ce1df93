import { sha256 } from '@noble/hashes/sha2.js'
import type { Change, DeviceId } from '@sotto/interface'
import { decodeControlAttachment, decodeLogBundle, decodeSignedRecord, toHex, unpackThings } from '@sotto/wire'
import type { Conversation } from '../conversation/conversation.ts'
import { jitterOf } from '../conversation/messages.ts'
import { outboxRow } from '../conversation/outbox-row.ts'
import { advance } from '../groups/advance.ts'
import { checkThing } from '../groups/checked-thing.ts'
import { brings } from '../groups/trial.ts'
import { controlRow, type Kept } from '../groups/control.ts'
import { innerOf } from '../groups/say.ts'
import { tellOutIn } from '../groups/told-out.ts'
import type { WholeWelcome } from '../groups/welcome.ts'

/**
 * A restored device of a member answers, in the 1:1 with it, to the log of a group: its `recover` and what that rests on become part of the log
 * here, and go on to all others. So does the `grant` of itself of a device that was away for too long to bring it by the group's own ways. What is anything
 * else changes nothing. Runs in the group's lane.
 */
export async function takeRecover(
  group: Conversation,
  pair: Conversation,
  { from, bundle: { bundle }, done }: { from: DeviceId; bundle: WholeWelcome; done: readonly Change[] },
): Promise<void> {
  const { context, control, id, generation } = group
  const things = await thingsIn(group, bundle)
  const own = things?.at(-1)
  if (things === undefined || own === undefined || control === undefined) return context.store.commit(done)
  const next = control.with(things, pair.peer)
  const isTheirs = own.thing.device === from && ['recover', 'grant'].includes(own.thing.body.kind)
  const isWanted = next.view.desired.some(({ device, grant }) => device === from && grant === own.thing.id)
  if (isTheirs && !isWanted) return tellOutIn(pair, group, from, done)
  const fresh = things.filter(({ thing }) => !control.kept.has(thing.id) && next.kept.has(thing.id))
  const isUsable = isTheirs && isWanted && (await brings(group, keyPackageIn(own), from))
  if (fresh.length === 0 || !isUsable || next.isTooFull || !control.hasSpace(pair.peer, things))
    return context.store.commit(done)
  const now = context.clock.now()
  const changes = fresh.flatMap((kept): Change[] => {
    const about = { conversation: id, kind: 'control', inner: innerOf(kept), generation: generation.id } as const
    return [
      { put: 'control', row: controlRow(id, kept, now) },
      { put: 'outbox', row: outboxRow({ ...about, createdAt: now }) },
    ]
  })
  await group.step(
    {
      type: 'control',
      device: from,
      cseq: next.reachOf(from).seq,
      via: 'mailbox',
      now,
      jitter: jitterOf(context.random.bytes(4)),
    },
    { changes: [...changes, ...done], row: {}, committed: () => group.setControl(next) },
  )
  group.outlet.wake(group)
  await advance(group)
}

/** The things of an answer, each checked as any that comes; the last with its attachment. */
async function thingsIn({ context, id }: Conversation, bytes: Uint8Array): Promise<readonly Kept[] | undefined> {
  const bundle = decodeLogBundle(bytes)
  if (!bundle.ok) return undefined
  const things: Kept[] = []
  const records = unpackThings(bundle.value.things)
  if (!records.ok) return undefined
  for (const record of records.value) {
    const decoded = decodeSignedRecord(record.slice())
    const checked = decoded.ok ? await checkThing(context.crypto, id, decoded.value) : decoded
    if (!checked.ok) return undefined
    things.push({ ...checked.value, attachment: new Uint8Array() })
  }
  const last = things.at(-1)
  if (last === undefined || toHex(sha256(bundle.value.attachment)) !== toHex(last.attachmentHash)) return undefined
  return [...things.slice(0, -1), { ...last, attachment: bundle.value.attachment.slice() }]
}

function keyPackageIn({ attachment }: Kept): Uint8Array {
  const decoded = decodeControlAttachment(attachment)
  return decoded.ok ? (decoded.value.keyPackages[0] ?? new Uint8Array()).slice() : new Uint8Array()
}
