import { expect, test } from 'vitest'
import { commitBodyFor, say } from './device.ts'
import { pull } from './network.ts'
import { beginWith, newAccount, newDevice, World } from './world.ts'

test('a last word that counts for nothing holds up no state for ever', () => {
  const world = new World(1, { plants: {}, hasEvil: true, isLarge: false })
  const one = newDevice(world, newAccount(world, true), false)
  const other = newDevice(world, newAccount(world, true), true)
  beginWith(world, 'group')
  const first = one.analysis.tip
  const commit = commitBodyFor(world, one)
  if (commit === undefined) throw new Error('it may not commit')
  say(world, one, commit)
  say(world, one, { kind: 'ack' })
  pull(world, other, one, true)
  say(world, other, { kind: 'ack' })
  pull(world, one, other, true)
  say(world, one, { kind: 'ack' })
  pull(world, other, one, true)
  const [leaf] = other.analysis.tip.tree
  if (leaf === undefined) throw new Error('nobody is in')
  // Nobody attested it; the other knows all the same by now what is agreed.
  expect(say(world, other, { kind: 'stale', leaf }).isWellFormed).toBe(false)
  expect(one.states.get(first)).toBe('held')
  pull(world, one, other, true)
  say(world, one, { kind: 'ack' })
  expect(one.final).toBe(one.analysis.tip)
  expect(one.states.get(first)).toBe('read')
})
