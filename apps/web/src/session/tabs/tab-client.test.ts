import type { ConversationId } from '@sotto/interface'
import { expect, test } from 'vitest'
import { busyWorld } from '../../dev/fixture-data.ts'
import type { Asked } from './messages.ts'
import { TabClient } from './tab-client.ts'

/** Somebody who leads, notes what is asked, and answers nothing by itself. */
function upstream() {
  const asked: Asked[] = []
  const watched: ConversationId[] = []
  const unwatched: ConversationId[] = []
  return {
    asked,
    watched,
    unwatched,
    ask: (one: Asked) => void asked.push(one),
    watch: (id: ConversationId) => void watched.push(id),
    unwatch: (id: ConversationId) => void unwatched.push(id),
  }
}

const SEND = { conversation: 'c', text: 'hello' }

test('what is asked while nobody leads is asked of whoever leads next, in its order', async () => {
  const client = new TabClient()
  const leader = upstream()
  const sent = client.do('send', SEND)
  void client.do('revoke', { id: 'i' })
  client.attach(leader)
  expect(leader.asked.map(({ name }) => name)).toEqual(['send', 'revoke'])
  client.settle(leader.asked[0]?.id ?? '', { kind: 'done', answer: 'yes' })
  expect(await sent).toBe('yes')
})

test('a send that was begun is asked again with the same key, and answered once', async () => {
  const client = new TabClient()
  const [first, second] = [upstream(), upstream()]
  const detach = client.attach(first)
  const sent = client.do('send', SEND)
  detach()
  client.attach(second)
  expect(second.asked).toEqual(first.asked)
  expect(second.asked[0]?.ask).toMatchObject({ ...SEND, once: expect.stringMatching(/^[0-9a-f]{64}$/) })
  const id = second.asked[0]?.id ?? ''
  client.settle(id, { kind: 'done', answer: 'yes' })
  client.settle(id, { kind: 'done', answer: 'again' })
  expect(await sent).toBe('yes')
})

test('what could happen twice is not asked again when it was begun, and is when it was handed back', async () => {
  const client = new TabClient()
  const [first, second] = [upstream(), upstream()]
  client.attach(first)
  const begun = client.do('invite', {})
  const handedBack = client.do('invite', { uses: 2 })
  client.settle(first.asked[1]?.id ?? '', { kind: 'later' })
  client.attach(second)
  await expect(begun).rejects.toMatchObject({ code: 'interrupted' })
  expect(second.asked.map(({ ask }) => ask)).toEqual([{ uses: 2 }])
  client.settle(second.asked[0]?.id ?? '', { kind: 'failed', code: 'c', message: 'No relay answers.' })
  await expect(handedBack).rejects.toMatchObject({ code: 'c', message: 'No relay answers.' })
})

test('a leader that is gone is not asked, and its going does not end the next one', () => {
  const client = new TabClient()
  const [first, second] = [upstream(), upstream()]
  const detach = client.attach(first)
  client.attach(second)
  detach()
  void client.do('read', { conversation: 'c' })
  expect(second.asked).toHaveLength(1)
})

test('a conversation is watched while somebody looks at it, also by the next leader', () => {
  const { client: snapshot, conversations } = busyWorld(0)
  const [ana] = conversations
  if (!ana) throw new Error('the busy world has conversations')
  const client = new TabClient()
  const [first, second] = [upstream(), upstream()]
  client.attach(first)
  client.show({ ...snapshot, conversations })
  const room = client.conversation(ana.conversation)
  expect(room.get().rows).toEqual([])
  const leave = room.subscribe(() => undefined)
  client.showRoom(ana.conversation, ana)
  client.attach(second)
  expect(room.get()).toBe(ana) // it is shown until there is news
  leave()
  expect([first.watched, second.watched, second.unwatched]).toEqual(Array(3).fill([ana.conversation]))
})
