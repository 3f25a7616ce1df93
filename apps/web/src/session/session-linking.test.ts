import { SottoError } from '@sotto/interface'
import { expect, test } from 'vitest'
import { linkingStrings } from './linking-strings.ts'
import { linkHere } from './session-linking.ts'
import type { LinkingState } from './session-linking.ts'

const NO_ANSWER = new SottoError('no-answer', 'No device has answered.')

test('a code is shown until it is answered', async () => {
  const shown: LinkingState[] = []
  const linked = await linkHere(
    async ({ onCode }) => {
      onCode('code-1')
      return { name: 'Mira' }
    },
    (state) => shown.push(state),
    new AbortController(),
  )
  expect(linked).toEqual({ kind: 'linked', name: 'Mira' })
  expect(shown.map(({ code }) => code)).toEqual(['code-1'])
})

test('a code that nobody answers in its time has expired, in those words', async () => {
  const failed = await linkHere(
    async ({ onCode }) => {
      onCode('code-1')
      throw NO_ANSWER
    },
    () => undefined,
    new AbortController(),
  )
  expect(failed).toEqual({ kind: 'failed', problem: linkingStrings.expired })
})

test('what fails before there is a code is said in the client’s own words', async () => {
  const failed = await linkHere(
    () => Promise.reject(new SottoError('no-relay', 'No relay is named.')),
    () => undefined,
    new AbortController(),
  )
  expect(failed).toEqual({ kind: 'failed', problem: 'No relay is named.' })
})

test('what is given up is no failure, and shows no code any more', async () => {
  const stop = new AbortController()
  const shown: LinkingState[] = []
  const given = await linkHere(
    async ({ onCode }) => {
      stop.abort()
      onCode('late')
      throw NO_ANSWER
    },
    (state) => shown.push(state),
    stop,
  )
  expect(given).toEqual({ kind: 'given up' })
  expect(shown.map(({ code }) => code)).toEqual([])
})
