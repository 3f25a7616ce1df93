import { expect, test } from 'vitest'
import { ANA, conversation } from '../dev/fixture-data.ts'
import { shownConnection } from './shown-connection.ts'

const pair = conversation({ peer: ANA, name: 'Ana', rows: [] })

test('how somebody is reached is shown while there is somebody to reach', () => {
  expect(shownConnection(pair)).toBe('direct')
  expect(shownConnection({ ...pair, phase: 'ended' })).toBeUndefined()
  expect(shownConnection({ ...pair, kind: 'group' })).toBe('direct')
  expect(shownConnection({ ...pair, kind: 'group', members: pair.members.slice(0, 1) })).toBeUndefined()
})
