import type { Client } from '@sotto/client'
import { ClientError } from '@sotto/client'
import { expect, test } from 'vitest'
import { answerTyped } from './typed.ts'

const ID = 'a1'.repeat(32)

/** Notes what it is asked, and answers what the commands below answer. */
function clientThat(asked: unknown[]): Client {
  return {
    snapshot: { get: () => ({ conversations: [], awaited: [] }) },
    do: (name: string, ask: object) => {
      asked.push([name, ask])
      if (name === 'decline')
        return Promise.reject(new ClientError('unknown-request', 'There is no such request here.'))
      return Promise.resolve({
        conversation: 'c3',
        message: 'e1',
        state: 'queued',
        reached: true,
        rows: [],
        former: [],
      })
    },
  } as unknown as Client
}

test.each([
  [`accept ${ID}`, ['accept', { id: ID }]],
  ['  send c3   Hello  there, all ', ['send', { conversation: 'c3', text: 'Hello  there, all' }]],
  ['group  rename c3 Long walks', ['groupRename', { conversation: 'c3', title: 'Long walks' }]],
  ['group role c3 a1 admin', ['groupRole', { conversation: 'c3', account: 'a1', role: 'admin' }]],
  ['messages c3', ['messages', { conversation: 'c3', lines: true }]],
  ['requests', ['requests', {}]],
])('%s is done as the command is', async (line, wanted) => {
  const asked: unknown[] = []
  expect(await answerTyped(clientThat(asked), line)).toHaveProperty('reply')
  expect(asked).toMatchObject([wanted])
})

test.each([
  ['hello', 'There is no command of that name here; `sotto --help` lists them.'],
  ['toString', 'There is no command of that name here; `sotto --help` lists them.'],
  ['accept', 'Type: accept ID'],
  ['read c3 --json', 'Type: read CONVERSATION'],
  ['group role c3 a1 owner', 'The field "role" must be admin or member.'],
  ['group create Walks', '`group create` takes a list: end `run`, and give it as a command.'],
  [`decline ${ID}`, 'There is no such request here.'],
])('%s gets a sentence', async (line, wrong) => {
  expect(await answerTyped(clientThat([]), line)).toEqual({ wrong })
})
