import { accountFromPhrase } from '@sotto/identity'
import { openNodeStore } from '@sotto/store/node'
import { fromString } from 'uint8arrays'
import type { Person } from '../peers/stage.ts'
import { byteNeedle, textNeedle, type Needle } from './patterns.ts'

/**
 * Everything of a person that a relay must not have: who they are, whom they know, what was said, and every private key. Read
 * from the home's own store, so nobody may be running on it.
 */
export async function secretsOf(person: Person): Promise<Needle[]> {
  const of = (what: string): string => `${person.name}'s ${what}`
  const account = accountFromPhrase(person.phrase)
  if (!account.ok) throw new Error('That is no phrase.')
  const needles = [
    textNeedle(of('name'), person.name),
    textNeedle(of('recovery phrase'), person.phrase),
    byteNeedle(of('account id'), fromString(person.account, 'hex')),
    byteNeedle(of('device id'), fromString(person.device, 'hex')),
    byteNeedle(of('account key'), account.value.identitySeed),
    byteNeedle(of('backup key'), account.value.backupSeed),
  ]
  const add = (what: string, bytes: Uint8Array): void => void needles.push(byteNeedle(of(what), bytes))
  const store = await openNodeStore({ directory: person.home })
  try {
    const deviceKey = await store.get('meta', ['device-seed'])
    if (deviceKey === undefined) throw new Error('That home has no device key.')
    add('device key', deviceKey.value)
    for (const row of await store.list('conversations')) add('conversation id', fromString(row.conversation, 'hex'))
    for (const row of await store.list('generations')) add('generation secret', row.secret)
    for (const row of await store.list('epochs')) add('group state', row.state)
    for (const row of await store.list('keyPackages')) add('key package', row.privateBytes)
    for (const row of await store.list('invitations')) {
      add('link secret', row.secret)
      add('key of an invitation', row.knockSeed)
      needles.push(textNeedle(of('link'), row.link))
    }
    for (const row of await store.list('events')) {
      add('event', row.body)
      add('event id', fromString(row.eventId, 'hex'))
      if (row.text !== '') needles.push(textNeedle(of('text'), row.text))
    }
  } finally {
    await store.close()
  }
  return needles
}
