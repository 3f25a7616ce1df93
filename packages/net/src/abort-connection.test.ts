import { expect, test } from 'vitest'
import { abortConnection } from './abort-connection.ts'

test('a connection that is closed already is ended without a throw', () => {
  const said: string[] = []
  abortConnection({ abort: (error) => void said.push(error.message) }, 'silent')
  abortConnection(
    {
      abort(error) {
        said.push(error.message)
        throw new Error('Cannot write to a stream that is closed')
      },
    },
    'silent too',
  )
  expect(said).toEqual(['silent', 'silent too'])
})
