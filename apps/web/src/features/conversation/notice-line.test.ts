import { expect, test } from 'vitest'
import { ANA, conversation, ME, message } from '../../dev/fixture-data.ts'
import { conversationStrings } from './conversation-strings.ts'
import { noticeLine } from './notice-line.ts'

const requested = (state: 'queued' | 'sent') =>
  conversation({ peer: ANA, name: 'Ana', rows: [message(ME, 'Hello!', 0, state)], more: { phase: 'requested' } })

test('a hello is said to wait at the relay only once one has it', () => {
  expect(noticeLine(requested('queued'), ME)).toBe(conversationStrings.helloKept('Ana'))
  expect(noticeLine(requested('sent'), ME)).toBe(conversationStrings.requested('Ana'))
})

test('a conversation that waits for nothing has no notice', () => {
  expect(noticeLine(conversation({ peer: ANA, name: 'Ana', rows: [] }), ME)).toBeUndefined()
})

test('while keys are changed it is said whose device does it', () => {
  const rekeying = conversation({ peer: ANA, name: 'Ana', rows: [], more: { kind: 'group', rekeying: true } })
  expect(noticeLine(rekeying, ME)).toMatch(/which your device does\.$/)
  expect(noticeLine(rekeying, ANA)).toMatch(/which Mira’s device does\.$/)
})
