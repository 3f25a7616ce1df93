import type { Connection } from '@libp2p/interface'
import { expect, test } from 'vitest'

import { Time } from '../../test/clock.ts'
import { Newcomers } from './newcomers.ts'

class Caller extends EventTarget {
  readonly remotePeer: string
  aborted = false

  constructor(peer: string) {
    super()
    this.remotePeer = peer
  }

  abort(): void {
    this.aborted = true
    this.dispatchEvent(new Event('close'))
  }
}

function call(newcomers: Newcomers, peer: string): Caller {
  const caller = new Caller(peer)
  newcomers.watch(caller as unknown as Connection)
  return caller
}

test('who does not say hello in time is gone, who did stays', () => {
  const time = new Time()
  const newcomers = new Newcomers(time, () => false)
  const [silent, proved] = [call(newcomers, 'silent'), call(newcomers, 'proved')]
  newcomers.settle(proved as unknown as Connection)
  time.go(9_999)
  expect(silent.aborted).toBe(false)
  time.go(1)
  expect([silent.aborted, proved.aborted]).toEqual([true, false])
})

test('few strangers may wait at once, and they keep no announced peer out', () => {
  const newcomers = new Newcomers(new Time(), (peer) => peer.startsWith('friend'))
  const strangers = Array.from({ length: 40 }, (_, index) => call(newcomers, `stranger ${index}`))
  const friends = Array.from({ length: 40 }, (_, index) => call(newcomers, `friend ${index}`))
  expect(strangers.filter(({ aborted }) => !aborted)).toHaveLength(16)
  expect(friends.filter(({ aborted }) => !aborted)).toHaveLength(40)
  strangers[0]?.abort()
  expect(call(newcomers, 'one more').aborted).toBe(false)
})

test('whoever wants to dial a peer can wait for what comes from it', async () => {
  const newcomers = new Newcomers(new Time(), () => false)
  expect(newcomers.from('peer')).toBeUndefined()
  const caller = call(newcomers, 'peer')
  const coming = newcomers.from('peer')
  newcomers.settle(caller as unknown as Connection)
  await coming
  expect(newcomers.from('peer')).toBeUndefined()
})
