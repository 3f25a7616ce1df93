import type { ClientSnapshot } from '@sotto/client'
import { expect, test } from 'vitest'
import { groupWorld } from '../../dev/fixture-groups.ts'
import { busyWorld, newWorld } from '../../dev/fixture-data.ts'
import { chipSnapshot, detailsSnapshot, shortAddress } from './connection-model.ts'

const { client, conversations } = busyWorld(0)
const busy: ClientSnapshot = { ...client, conversations }
const unreachable = (problem?: string) =>
  client.relays.map((relay) => ({ ...relay, reachable: false, ...(problem && { problem }) }))
const peopleIn = (world: ClientSnapshot) =>
  detailsSnapshot(world)
    .people.map(({ name, kind }) => `${name} ${kind}`)
    .toSorted()
const alone = (one: (typeof conversations)[number]) => ({ ...one, connection: 'none' as const })

test('the chip counts who is reached how', () => {
  expect(chipSnapshot(busy)).toEqual({ kind: 'connected', text: 'Connected · 1 direct, 1 via relay' })
  expect(chipSnapshot(newWorld('x').client)).toEqual({ kind: 'connected', text: 'Connected' })
})

test('somebody with whom one has two conversations is one person, reached in the better way', () => {
  const [one] = conversations.filter(({ connection }) => connection === 'direct')
  if (one === undefined) throw new Error('somebody is connected directly')
  const id = 'another' as typeof one.conversation
  for (const connection of ['direct', 'relayed', 'none'] as const) {
    const second = { ...one, conversation: id, connection }
    const twice = { ...busy, conversations: [second, ...conversations] }
    expect(chipSnapshot(twice)).toEqual(chipSnapshot(busy))
    expect(peopleIn(twice)).toEqual(peopleIn(busy))
  }
})

test('it is connecting until a relay has failed, and offline then', () => {
  expect(chipSnapshot({ ...busy, relays: unreachable(), conversations: conversations.map(alone) }).kind).toBe(
    'connecting',
  )
  expect(
    chipSnapshot({ ...busy, relays: unreachable('no answer'), conversations: conversations.map(alone) }).kind,
  ).toBe('offline')
})

test('a device that sends nothing any more is offline, and does not try', () => {
  const retired = { ...busy, self: { ...busy.self, retired: true }, relays: unreachable() }
  expect(chipSnapshot(retired)).toEqual({ kind: 'offline', text: 'Offline' })
})

test('a direct connection is a connection, whatever the relays say', () => {
  const directOnly = conversations.map((one) => (one.connection === 'relayed' ? alone(one) : one))
  expect(chipSnapshot({ ...busy, relays: unreachable('no answer'), conversations: directOnly })).toEqual({
    kind: 'connected',
    text: 'Connected · 1 direct, no relay',
  })
})

test('what waits is named by the person it waits for', () => {
  expect(detailsSnapshot(busy).waiting.map((row) => row.text)).toEqual(['2 messages for Ben Okafor'])
  expect(detailsSnapshot({ ...busy, relays: unreachable('no answer') }).relays[0]?.state).toBe(
    'Not reachable: no answer',
  )
})

test('a relay is shown by host and port', () => {
  expect(shortAddress('/ip4/127.0.0.1/tcp/4781/ws/p2p/abc')).toBe('127.0.0.1:4781')
  expect(shortAddress('/dns4/relay.example/tcp/443/wss/p2p/abc')).toBe('relay.example:443')
  expect(shortAddress('something else')).toBe('something else')
})

test('a group is no person: it is not counted, and its people are', () => {
  const groups = groupWorld(0).conversations.filter(({ kind }) => kind === 'group')
  expect(groups).toHaveLength(1)
  const withGroup = { ...busy, conversations: [...conversations, ...groups] }
  expect(chipSnapshot(withGroup)).toEqual(chipSnapshot(busy))
  expect(detailsSnapshot(withGroup).people).toEqual(detailsSnapshot(busy).people)
})
