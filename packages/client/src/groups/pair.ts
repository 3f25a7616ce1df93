import { roster, type EpochState } from '@sotto/group'
import type { Invitation } from '@sotto/identity'
import { ok, refuse, type AccountId, type Crypto, type EpochId, type Result } from '@sotto/interface'
import { CONTROL_KINDS, decodeInner, fromHex, type Knock } from '@sotto/wire'
import type { Profile } from '../profile.ts'
import { checkThing } from './checked-thing.ts'
import { Control, type Kept } from './control.ts'
import type { Saying } from './say.ts'

/** The first thing of a pair: whoever says hello creates it, with both of them in it. */
export function createPair(
  self: Pick<Profile, 'chain' | 'name'>,
  invitation: Pick<Invitation, 'chain' | 'name'>,
  child: EpochId,
): Saying {
  const founders = [self, invitation].map(({ chain, name }) => ({ chains: [chain], name }))
  return { case: 'create', value: { kind: CONTROL_KINDS.pair, title: '', founders, child: fromHex(child) } }
}

/**
 * The control log that a hello begins, if it has one: the first version had none. Refuses one that says anything else than what the MLS
 * group is: its creator, this account, and nobody besides.
 */
export async function controlOfKnock(
  crypto: Crypto,
  state: EpochState,
  knock: Knock,
  founder: AccountId,
): Promise<Result<{ control: Control; kept: Kept } | undefined>> {
  for (const bytes of knock.items) {
    const item = decodeInner(bytes)
    if (!item.ok || item.value.item.case !== 'control' || item.value.item.value.record === undefined) continue
    const checked = await checkThing(crypto, state.conversation, item.value.item.value.record)
    if (!checked.ok) return checked
    const kept = { ...checked.value, attachment: new Uint8Array() }
    return isOf(kept, state, founder) ? ok({ control: Control.empty.with([kept]), kept }) : refuse('wrong-create')
  }
  return ok(undefined)
}

function isOf({ thing, introduced }: Kept, state: EpochState, founder: AccountId): boolean {
  const { body } = thing
  if (body.kind !== 'create' || body.is !== 'pair' || body.child !== state.epochId) return false
  const members = roster(state)
  const isThere = members.every(({ device, account }) =>
    introduced.some((entry) => entry.device === device && entry.account === account),
  )
  const [first] = body.founders
  const isCreator =
    first?.account === founder && members.some((own) => own.device === thing.device && own.account === founder)
  return isThere && introduced.length === members.length && isCreator
}
