import type { Change, Store } from '@sotto/interface'
import { fromString, toString } from 'uint8arrays'
import type { Context } from '../context.ts'
import { stateOf } from './invite.ts'
import { dropBlob } from './place.ts'

const DAY_MS = 86_400_000
/** Longer than any relay keeps an item, so that no second copy can come after its id was forgotten. */
const SEEN_MS = 120 * DAY_MS
const PAGE = 5_000
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
    if (kept.length > 0) changes.push(dropBlob(row.invitation))
  }
  // Those for groups that said yes and then nothing.
  for (const { ref, expiresAt } of await store.list('keyPackages')) {
    if (expiresAt <= clock.now()) changes.push({ delete: 'keyPackages', key: [ref] })
  }
  if (changes.length === 0) return
  await store.commit(changes)
  await context.rotateSecrets?.()
}

/** Forgets the ids of items that are too old to come again, and items that wait in vain; once a month, because it reads them all. */
export async function dropSeen(context: Context): Promise<void> {
  const { store, clock } = context
  const last = await store.get('meta', ['seen dropped'])
  const now = clock.now()
  if (last !== undefined && now - Number(toString(last.value)) < SEEN_EVERY_MS) return
  for (const table of ['seen', 'inbox'] as const) await dropOld(store, table, now - SEEN_MS)
  await store.commit([{ put: 'meta', row: { key: 'seen dropped', value: fromString(String(now)) } }])
}

async function dropOld(store: Store, table: 'seen' | 'inbox', before: number): Promise<void> {
  let after: [string, string] | undefined
  for (;;) {
    const page = await store.list(table, { prefix: [], limit: PAGE, ...(after === undefined ? {} : { after }) })
    const old = page.filter((row) => ('at' in row ? row.at : row.receivedAt) < before)
    if (old.length > 0) {
      await store.commit(old.map((row): Change => ({ delete: table, key: [row.conversation, row.innerId] })))
    }
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    after = [last.conversation, last.innerId]
  }
}
