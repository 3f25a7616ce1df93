import type { AccountId, ConversationId, ThingId } from '@sotto/interface'
import { expect, test } from 'vitest'
import { factLine, factText } from './lines.ts'
import { printable } from './printable.ts'
import { replyText } from './text.ts'

test("somebody else's text cannot command the terminal", () => {
  expect(printable('\u001b[2Jgone\u0007\u009b31m')).toBe('␣[2Jgone␣␣31m')
  expect(printable('two\nlines, é and 👋')).toBe('two\n    │ lines, é and 👋')
  expect(printable('a\u202egpj.exe\u2066\u2028')).toBe('a␣gpj.exe␣␣')
})

test('a conversation is listed with the accounts that other commands ask for, and says when it has ended', () => {
  const members = [
    { account: 'a1'.repeat(32), name: 'Ana', role: 'owner' },
    { account: 'b2'.repeat(32), name: 'Ben\u001b', role: 'member', state: 'joining' },
  ]
  const row = { conversation: 'c3', title: 'Walks', members, unread: 2 }
  expect(replyText('conversations', row)).toBe(
    `c3  Walks  (2 new)\n    ${'a1'.repeat(32)}  Ana  (owner)\n    ${'b2'.repeat(32)}  Ben\u2423  (joining)`,
  )
  expect(replyText('conversations', { ...row, members: [], unread: 0, phase: 'ended' })).toBe('c3  Walks  (ended)')
})

test('what was done stands between the messages, with names', () => {
  const row = { line: 'added', id: 'e1', by: 'a1'.repeat(32), account: 'b2'.repeat(32), at: 't' }
  expect(replyText('messages', row, new Map([['a1'.repeat(32), 'Ana\u0007']]))).toBe('    Ana␣ added b2b2b2b2')
  const named = { line: 'renamed', id: 'e2', by: 'a1'.repeat(32), title: 'Walks', at: 't' }
  expect(replyText('messages', named)).toBe('    a1a1a1a1 named the group “Walks”')
})

test('messages are told with names, or with how the account begins', () => {
  const row = { sentAt: 't', author: 'a1'.repeat(32), text: 'hello', state: 'queued', unsent: true }
  expect(replyText('messages', row, new Map([['a1'.repeat(32), 'Ana']]))).toBe('t  Ana: hello  (not sent)')
  expect(replyText('messages', row)).toBe('t  a1a1a1a1: hello  (not sent)')
})

test('`run` says what was done in the words of `messages`, also of who is out by then', () => {
  const [ana, ben] = ['a1'.repeat(32), 'b2'.repeat(32)] as [AccountId, AccountId]
  const id = 'e1'.repeat(32) as ThingId
  const names = [
    { account: ana, name: 'Ana\u0007' },
    { account: ben, name: '' },
  ]
  const conversation = 'c3'.repeat(32) as ConversationId
  const fact = {
    type: 'line',
    conversation,
    line: { line: 'removed', id, by: ana, account: ben, at: 0 },
    names,
  } as const
  expect(factText(fact)).toBe('c3c3c3c3 Ana␣ removed b2b2b2b2')
  const at = '1970-01-01T00:00:00.000Z'
  expect(factLine(fact)).toEqual({ type: 'line', conversation, line: 'removed', id, by: ana, account: ben, at })
})
