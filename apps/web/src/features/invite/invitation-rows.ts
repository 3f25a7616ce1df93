import type { ClientSnapshot, InvitationSnapshot } from '@sotto/client'
import type { InvitationId } from '@sotto/interface'

/** So much of the end of a link tells it from others, for whoever has sent it. */
const MARK_LENGTH = 6

export interface InvitationRow extends Pick<InvitationSnapshot, 'link' | 'expires' | 'state'> {
  readonly id: InvitationId
  /** How the link ends. */
  readonly mark: string
  /** How many people can still say hello with it. */
  readonly left: number
}

/**
 * The invitations as they stand for those who have their links: the client calls one used when somebody was let in, but a hello that waits, or was
 * declined, has taken its place as well; and time goes on in an open page.
 */
export function invitationRows({ invitations }: ClientSnapshot, now: number): readonly InvitationRow[] {
  return invitations.map((one) => {
    const { invitation: id, link, expires } = one
    const left = Math.max(0, one.uses - Math.max(one.used, one.hellos))
    return { id, link, expires, left, mark: link.slice(-MARK_LENGTH), state: stateOf(one, { left, now }) }
  })
}

function stateOf(
  { state, expires }: InvitationSnapshot,
  { left, now }: { left: number; now: number },
): InvitationSnapshot['state'] {
  if (state !== 'open') return state
  if (left === 0) return 'used'
  return expires <= now ? 'expired' : 'open'
}

/** The newest invitation that nobody has used. */
export function newestUnused(client: ClientSnapshot, now: number): InvitationId | undefined {
  const unused = new Set(client.invitations.filter((one) => one.hellos === 0).map((one) => one.invitation))
  return invitationRows(client, now)
    .filter((row) => row.state === 'open' && unused.has(row.id))
    .toSorted((a, b) => b.expires - a.expires)[0]?.id
}
