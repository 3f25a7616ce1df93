import { expect, test } from 'vitest'
import { busyWorld } from '../../dev/fixture-data.ts'
import { contactsIn } from './contacts.ts'

test('somebody with whom one has two conversations can be picked once', () => {
  const { client, conversations } = busyWorld(0)
  const once = contactsIn({ ...client, conversations })
  expect(once.length).toBeGreaterThan(1)
  expect(contactsIn({ ...client, conversations: [...conversations, ...conversations] })).toEqual(once)
})
