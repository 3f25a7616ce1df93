import type { InvitationLinkRecord } from '@sotto/identity'
import type { Rows } from '@sotto/interface'
import type { Messenger } from '../client.ts'
import { unknownId } from '../errors.ts'
import { acceptInvite, groupRequests, openInvite } from '../groups/invite.ts'
import { dismissTakenBack } from '../groups/take-back.ts'
import { fetchInvitation, readLink } from '../invitations/fetch.ts'
import { invitationSnapshot, invite, revoke } from '../invitations/invite.ts'
import { joinByLink } from '../invitations/join.ts'
import { accept, decline, requestSnapshot } from '../invitations/requests.ts'
import { dropKeyPackages } from '../invitations/tidy.ts'
import type { Answer } from './intents.ts'
import type { IntentTable } from './table.ts'

/** How long a command waits for a relay. */
const ONLINE_MS = 15_000

type Names = 'invite' | 'invitations' | 'revoke' | 'preview' | 'join' | 'requests' | 'accept' | 'decline'

/** First contact: invitations made here, invitations of others, and requests. */
export function invitationIntents(messenger: Messenger): Pick<IntentTable, Names> {
  const { context, network } = messenger
  return {
    invite: async (ask) => {
      messenger.assertMayMeet()
      const { row, relays } = await invite(context, ask, { within: ONLINE_MS })
      await Promise.all(relays.map((relay) => network.knocks.watch(row, relay)))
      context.changed()
      const { invitation, link, expiresAt, uses } = row
      return { invitation, link, expires: new Date(expiresAt).toISOString(), uses }
    },
    invitations: async () => {
      const rows = await context.store.list('invitations')
      const requests = await context.store.list('requests')
      return { rows: rows.map((row) => invitationSnapshot(row, requests, context.clock.now())) }
    },
    revoke: async ({ id }) => {
      const row = await revoke(context, id, { signal: AbortSignal.timeout(ONLINE_MS) })
      network.knocks.drop(row.invitation)
      context.changed()
      return {}
    },
    preview: async ({ link }) => {
      try {
        const signal = AbortSignal.timeout(ONLINE_MS)
        const { invitation } = await fetchInvitation(context, reached(messenger, link), { signal })
        return { inviter: invitation.name, account: invitation.account, expires: invitation.expiresAt * 1000 }
      } finally {
        await messenger.forgetRelays()
      }
    },
    join: async (ask) => {
      messenger.assertMayMeet()
      try {
        reached(messenger, ask.link)
        const joined = await joinByLink(context, network, ask, { signal: AbortSignal.timeout(ONLINE_MS) })
        messenger.add(joined.conversation)
        return { conversation: joined.conversation.id, state: 'requested', inviter: joined.inviter }
      } finally {
        await messenger.forgetRelays()
      }
    },
    requests: async () => {
      const rows = await context.store.list('requests')
      const open = rows.filter((row) => row.state === 'open').map(requestSnapshot)
      return { rows: [...open, ...(await groupRequests(context.store))] }
    },
    accept: async ({ id }) => {
      messenger.assertMayMeet()
      const invited = await openInvite(context.store, id)
      if (invited !== undefined) return acceptGroup(messenger, invited)
      const conversation = await accept(context, network, id)
      messenger.add(conversation)
      await dropKeyPackages(context)
      return { conversation: conversation.id }
    },
    decline: async ({ id }) => {
      const invited = await openInvite(context.store, id)
      if (await dismissTakenBack(context, id)) {
        context.changed()
        return {}
      }
      if (invited === undefined) await decline(context, id)
      else await context.store.commit([{ put: 'groupInvites', row: { ...invited, state: 'declined' } }])
      await dropKeyPackages(context)
      context.changed()
      return {}
    },
  }
}

/** Says yes to a group, in the conversation that asked. The group is here when its Welcome has come. */
async function acceptGroup(messenger: Messenger, row: Rows['groupInvites']): Promise<Answer<'accept'>> {
  const pair = messenger.conversations.get(row.pair)
  if (pair === undefined || pair.row.phase !== 'active') throw unknownId('request')
  await pair.lane.run(() => acceptInvite(pair, row))
  messenger.context.changed()
  return { conversation: row.conversation }
}

/** A link whose relays are reached from now on, until those that nobody needs are forgotten: also those that never answer. */
function reached({ network }: Messenger, text: string): InvitationLinkRecord {
  const link = readLink(text)
  for (const address of link.relays) network.reach(address)
  return link
}
