import { safetyNumber } from '@sotto/identity'
import type { AccountId, Change, Rows } from '@sotto/interface'
import { isHex } from '@sotto/wire'
import type { Messenger } from '../client.ts'
import { tellContact } from '../devices/same-everywhere.ts'
import { awaitedGroups } from '../groups/take-back.ts'
import { ClientError, unknownId } from '../errors.ts'
import { isReached } from '../mail/reach.ts'
import { relaySnapshot, waitingIn } from '../snapshots/client.ts'
import type { Answer } from './intents.ts'
import type { IntentTable } from './table.ts'
import { move } from '../conversation/move.ts'

/** How long `status` lets relays answer. */
const STATUS_MS = 5_000

type Names = 'block' | 'conversations' | 'status' | 'safety' | 'verify'

/** People and what is known of them. */
export function contactIntents(messenger: Messenger): Pick<IntentTable, Names> {
  const { context, network } = messenger
  return {
    block: async ({ account }) => {
      await block(messenger, account as AccountId)
      return {}
    },
    conversations: async () => {
      await messenger.refreshed()
      return { rows: messenger.snapshot.get().conversations }
    },
    status: async () => {
      const signal = AbortSignal.timeout(STATUS_MS)
      await Promise.all(network.relays.map((relay) => isReached(context.clock, relay, { signal })))
      const all = [...messenger.conversations.values()]
      const active = all.filter((entry) => entry.row.phase === 'active' && entry.kind === 'pair')
      return {
        relays: network.relays.map(relaySnapshot),
        connections: active.map((entry) => ({ account: entry.peer, kind: network.connection(entry) })),
        awaited: await awaitedGroups(context, messenger.conversations),
        waiting: (await Promise.all(all.map((entry) => waitingIn(messenger, entry)))).flat(),
      }
    },
    safety: async ({ conversation }) => {
      const { kind, peer } = messenger.get(conversation)
      if (kind === 'group')
        throw new ClientError(
          'not-a-pair',
          'Safety numbers are between two people. Compare them in the 1:1 conversation.',
        )
      return safetyOf(messenger, await contact(messenger, peer))
    },
    verify: async ({ account }) => {
      const row = { ...(await contact(messenger, account as AccountId)), verified: 1 }
      await context.store.commit([{ put: 'contacts', row }])
      for (const entry of messenger.conversations.values())
        if (entry.kind === 'pair' && entry.peer === row.account) entry.verified = true
      await tellContact({ context, conversations: () => messenger.conversations }, row.account)
      context.changed()
      return safetyOf(messenger, row)
    },
  }
}

async function contact(messenger: Messenger, account: AccountId): Promise<Rows['contacts']> {
  const row = isHex(account, 32) ? await messenger.context.store.get('contacts', [account]) : undefined
  if (row === undefined) throw unknownId('account')
  return row
}

function safetyOf(messenger: Messenger, { account, verified }: Rows['contacts']): Answer<'safety'> {
  const number = safetyNumber(messenger.context.profile().account, account)
  return { account, safetyNumber: number, verified: verified === 1 }
}

/** Ends everything with an account here: its requests, its conversations. It is told nothing. */
async function block(messenger: Messenger, account: AccountId): Promise<void> {
  const { store, clock, changed } = messenger.context
  if (!isHex(account, 32)) throw unknownId('account')
  const known = await store.get('contacts', [account])
  const requests = (await store.list('requests')).filter((row) => row.account === account)
  const [request] = requests
  if (known === undefined && request === undefined) throw unknownId('account')
  const row: Rows['contacts'] = known ?? {
    account,
    name: request?.name ?? '',
    chain: new Uint8Array(),
    verified: 0,
    blocked: 1,
    addedAt: clock.now(),
  }
  const changes: Change[] = [{ put: 'contacts', row: { ...row, blocked: 1 } }]
  for (const open of requests.filter((entry) => entry.state === 'open')) {
    changes.push({ put: 'requests', row: { ...open, knock: new Uint8Array(), state: 'declined' } })
  }
  for (const invited of await store.list('groupInvites')) {
    if (invited.account !== account || invited.direction !== 'in' || invited.state !== 'open') continue
    changes.push({ put: 'groupInvites', row: { ...invited, state: 'declined' } })
  }
  await store.commit(changes)
  for (const entry of messenger.conversations.values()) {
    if (entry.kind !== 'pair' || entry.peer !== account) continue
    await entry.lane.run(() => move(entry, 'over'))
    messenger.network.unwatch(entry)
  }
  await tellContact({ context: messenger.context, conversations: () => messenger.conversations }, account)
  changed()
}
