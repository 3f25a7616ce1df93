import type { Change } from '@sotto/interface'
import { fromString, toString } from 'uint8arrays'
import type { Context } from '../context.ts'
import { stateOf } from './invite.ts'

const DAY_MS = 86_400_000
/** Longer than any relay keeps an item, so that no second copy can come after its id was forgotten. */
const SEEN_MS = 120 * DAY_MS
const SEEN_EVERY_MS = 30 * DAY_MS

/**
 * Deletes the private halves of key packages that nobody can use any more: their invitation is used up, revoked or expired, and no
 * request waits to be opened with them.
 */
export async function dropKeyPackages(context: Context): Promise<void> {
  const { store, clock } = context
  const waiting = new Set(
    (await store.list('requests')).filter((row) => row.state === 'open').map((row) => row.invitation),
  )
  const changes: Change[] = []
  for (const row of await store.list('invitations')) {
    if (stateOf(row, clock.now()) === 'open' || waiting.has(row.invitation)) continue
    const kept = await store.listBy('keyPackages.invitation', { prefix: [row.invitation] })
    changes.push(...kept.map(({ ref }): Change => ({ delete: 'keyPackages', key: [ref] })))
  }
  if (changes.length === 0) return
  await store.commit(changes)
  await context.rotateSecrets?.()
}

/** Forgets the ids of items that are too old to come again; once a month, because it reads them all. */
export async function dropSeen(context: Context): Promise<void> {
  const { store, clock } = context
  const last = await store.get('meta', ['seen dropped'])
  const now = clock.now()
  if (last !== undefined && now - Number(toString(last.value)) < SEEN_EVERY_MS) return
  const old = (await store.list('seen')).filter((row) => now - row.at > SEEN_MS)
  await store.commit([
    ...old.map((row): Change => ({ delete: 'seen', key: [row.conversation, row.innerId] })),
    { put: 'meta', row: { key: 'seen dropped', value: fromString(String(now)) } },
  ])
}
