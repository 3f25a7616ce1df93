import { expect, test } from 'vitest'
import { History } from '../history/history.ts'
import type { Line } from '../peers/lines.ts'
import type { Actor } from './actor.ts'
import { Group } from './group.ts'
import { Seats } from './seats.ts'

const GROUP = { conversation: 'group', title: 'Friends' }

test('who is killed while it is asked who is in sees nothing any more, and nothing is waited for there', async () => {
  const seats = new Seats()
  const group = new Group(GROUP, new History(() => 0), seats)
  const answers = { Alice: 0, Bob: 0 }
  const rows = [{ ...GROUP, members: [{ account: 'alice' }, { account: 'bob' }] }]
  const alice = actor('Alice', () => {
    answers.Alice += 1
    return Promise.resolve(rows)
  })
  const bob = actor('Bob', (self) => {
    answers.Bob += 1
    self.isUp = false
    return Promise.reject(new Error('Bob ended before it said what was waited for.'))
  })
  seats.take(bob, GROUP.conversation)
  seats.take(alice, GROUP.conversation)
  await group.agreed()
  expect(answers).toEqual({ Alice: 1, Bob: 1 })
})

test('who refuses to say who is in is not taken for agreed', async () => {
  const seats = new Seats()
  seats.take(
    actor('Alice', () => Promise.reject(new Error('No.'))),
    GROUP.conversation,
  )
  await expect(new Group(GROUP, new History(() => 0), seats).agreed()).rejects.toThrow('No.')
})

/** Somebody of whom nothing is asked but who is in. */
function actor(name: string, roster: (self: { isUp: boolean }) => Promise<readonly Line[]>): Actor {
  const self = { name, account: name.toLowerCase(), isUp: true, roster: () => roster(self) }
  return self as unknown as Actor
}
