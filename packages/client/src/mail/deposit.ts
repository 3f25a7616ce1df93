import { sealEnvelope, sizeFor, splitInner, tagOf, type GenerationKeys } from '@sotto/group'
import type { InnerId, MailboxId, MailboxKey, Relay, RelayResult } from '@sotto/interface'
import { ok, refuse } from '@sotto/interface'

/** Where a deposit goes, and under which keys. `knock` and `powBits` only for knock mailboxes. */
export interface DepositTarget {
  readonly relay: Relay
  readonly mailbox: MailboxId
  readonly writeKey: MailboxKey
  readonly keys: GenerationKeys
  readonly knock?: Uint8Array
  readonly powBits?: number
}

/** The envelopes of an inner item for one relay: the same item gives the same bytes each time. */
export function envelopesFor(
  target: Pick<DepositTarget, 'keys'> & { relay: Pick<Relay, 'id'> },
  inner: Uint8Array,
): { tag: Uint8Array; body: Uint8Array; innerId: InnerId }[] | undefined {
  const path = `relay:${target.relay.id}` as const
  const size = sizeFor(inner.length, path)
  const fragments = splitInner(inner, size)
  if (!fragments.ok) return undefined
  return fragments.value.map((fragment) => ({
    innerId: fragment.innerId,
    tag: tagOf(target.keys, target.relay.id, fragment.innerId, fragment.index),
    body: sealEnvelope({ keys: target.keys, path, size, ...fragment }),
  }))
}

/** Puts an inner item into a mailbox, fragment by fragment. Resolves after the relay's fsync of the last. Safe to repeat. */
export async function deposit(
  target: DepositTarget,
  inner: Uint8Array,
  onTag: (tag: Uint8Array) => void = () => {},
): Promise<RelayResult<void>> {
  const envelopes = envelopesFor(target, inner)
  if (envelopes === undefined) return refuse('too-large')
  for (const { tag, body } of envelopes) {
    onTag(tag)
    const entry = {
      tag,
      body,
      ...(target.knock === undefined ? {} : { knock: target.knock }),
      ...(target.powBits === undefined ? {} : { powBits: target.powBits }),
    }
    const put = await target.relay.put(target.mailbox, target.writeKey, entry)
    if (!put.ok) return put
  }
  return ok(undefined)
}
