import type { Change } from '@sotto/interface'
import { assertRefused, assertSame } from './assert.ts'
import type { CheckList } from './place.ts'
import { SAMPLES, bytes, eventRow, id, metaRow } from './sample-rows.ts'

/** Commits that last, commits that fail, and what a closed store answers. */
export const DURABILITY_CHECKS: CheckList = {
  'everything is there after the store was closed and opened again': async (store, place) => {
    await store.commit([
      { put: 'events', row: eventRow({ text: 'lasting words' }) },
      { put: 'epochs', row: SAMPLES.epochs },
      { put: 'keyPackages', row: SAMPLES.keyPackages },
      { put: 'invitations', row: SAMPLES.invitations },
    ])
    await store.close()
    const again = await place.open()
    assertSame(await again.list('events'), [eventRow({ text: 'lasting words' })], 'events')
    assertSame(await again.list('epochs'), [SAMPLES.epochs], 'epochs')
    assertSame(await again.list('keyPackages'), [SAMPLES.keyPackages], 'key packages')
    assertSame(await again.list('invitations'), [SAMPLES.invitations], 'invitations')
    assertSame((await again.search('last')).length, 1, 'search')
    await again.commit([{ put: 'meta', row: metaRow('later') }])
    assertSame((await again.list('meta')).length, 1, 'a commit after opening again')
    await again.close()
  },

  'a commit that fails at its last change keeps nothing, and the store goes on': async (store) => {
    await store.commit([{ put: 'meta', row: metaRow('kept', bytes(1, 1)) }])
    const changes = [
      { put: 'meta', row: metaRow('kept', bytes(1, 2)) },
      { put: 'events', row: eventRow({ text: 'unsaid' }) },
      { delete: 'meta', key: ['kept'] },
      { put: 'events', row: { ...eventRow(), seq: Number.NaN } },
    ] as Change[]
    await assertRefused(() => store.commit(changes), 'TypeError', 'the failing commit')
    assertSame(await store.list('meta'), [metaRow('kept', bytes(1, 1))], 'meta')
    assertSame(await store.list('events'), [], 'events')
    assertSame(await store.search('unsaid'), [], 'search')
    await store.commit([{ put: 'meta', row: metaRow('next') }])
    assertSame((await store.list('meta')).length, 2, 'the next commit')
  },

  'commits made without waiting all happen, in their order, each seen whole': async (store) => {
    const commits = Array.from({ length: 40 }, (_, at) =>
      store.commit([
        { put: 'meta', row: metaRow('left', Uint8Array.of(at)) },
        { put: 'seen', row: { conversation: id(1), innerId: id(at), at } },
        { put: 'meta', row: metaRow('right', Uint8Array.of(at)) },
      ]),
    )
    const seen = await store.list('meta')
    assertSame(seen[0]?.value, seen[1]?.value, 'both halves of a commit')
    await Promise.all(commits)
    assertSame((await store.list('seen')).length, 40, 'all commits')
    assertSame(await store.get('meta', ['right']), metaRow('right', Uint8Array.of(39)), 'the last one')
  },

  'an empty commit is nothing': async (store) => {
    await store.commit([])
    assertSame(await store.list('meta'), [], 'still empty')
  },

  'a second opening is refused while the store is open': async (store, place) => {
    await assertRefused(() => place.open(), 'store-locked', 'the second opening')
    await store.commit([{ put: 'meta', row: metaRow('a') }])
    await store.close()
    const again = await place.open()
    assertSame((await again.list('meta')).length, 1, 'the first store was not disturbed')
    await again.close()
  },

  'a closed store refuses everything but closing': async (store) => {
    await store.close()
    await store.close()
    await assertRefused(() => store.get('meta', ['a']), 'store-closed', 'get')
    await assertRefused(() => store.list('meta'), 'store-closed', 'list')
    await assertRefused(() => store.listBy('events.id', { prefix: [] }), 'store-closed', 'listBy')
    await assertRefused(() => store.search('a'), 'store-closed', 'search')
    await assertRefused(() => store.commit([]), 'store-closed', 'commit')
  },
}
