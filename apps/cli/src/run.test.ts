import type { Client } from '@sotto/client'
import { ClientError, type Fact } from '@sotto/client'
import { expect, test } from 'vitest'
import { answerTo, runUntilSignal } from './run.ts'

/** Answers every intent with what was asked. */
const echo = {
  do: (name: string, ask: object) =>
    name === 'revoke'
      ? Promise.reject(new ClientError('unknown-invitation', 'There is none.'))
      : Promise.resolve({ ...ask, message: 'id', state: 'queued', reached: true }),
} as unknown as Client

test('each line gets one answer, with its own ref', async () => {
  const line = JSON.stringify({ do: 'send', conversation: 'c', text: 'hello', ref: '7' })
  expect(await answerTo(echo, line)).toEqual({ type: 'done', do: 'send', ref: '7', message: 'id', state: 'queued' })
  expect(await answerTo(echo, JSON.stringify({ do: 'revoke', id: 'x' }))).toEqual({
    type: 'error',
    do: 'revoke',
    message: 'There is none.',
  })
})

test.each([
  ['no JSON', '{'],
  ['no object', '[]'],
  ['no intent', '{}'],
  ['an intent that does not exist', '{"do":"toString"}'],
  ['a field of the wrong kind', '{"do":"send","conversation":1,"text":"x"}'],
  ['a field that is missing', '{"do":"send","conversation":"c"}'],
  ['a field that does not exist', '{"do":"read","conversation":"c","colour":"red"}'],
  ['a state that does not exist', '{"do":"send","conversation":"c","text":"x","wait":"seen"}'],
  ['a number that is none', '{"do":"sync","timeout":-1}'],
  ['a line without end', `{"do":"send","text":"${'x'.repeat(70_000)}"}`],
])('%s is an error, not an exception', async (_name, line) => {
  expect(await answerTo(echo, line)).toMatchObject({ type: 'error', message: expect.stringMatching(/\.$/) as string })
})

test('it stops when nobody reads what it says any more', async () => {
  const listeners: ((fact: Fact) => void)[] = []
  const client = {
    subscribe: (listener: (fact: Fact) => void) => listeners.push(listener),
    start: async () => void setImmediate(() => listeners.forEach((listener) => listener({ type: 'ready' }))),
  } as unknown as Client
  const closed = new ClientError('output-closed', 'Nobody reads.')
  const answer = (): void => {
    throw closed
  }
  await expect(runUntilSignal(client, { isJson: true, answer, rows: answer })).rejects.toBe(closed)
})
