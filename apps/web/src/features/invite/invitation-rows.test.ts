import type { ClientSnapshot, InvitationSnapshot } from '@sotto/client'
import type { InvitationId } from '@sotto/interface'
import { expect, test } from 'vitest'
import { newWorld } from '../../dev/fixture-data.ts'
import { invitationRows, newestUnused } from './invitation-rows.ts'

const NOW = 1_000

function invitation(id: string, more: Partial<InvitationSnapshot> = {}): InvitationSnapshot {
  const link = `sotto:#i=abcdef${id.padStart(6, '0')}`
  return { invitation: id as InvitationId, link, expires: 2_000, uses: 1, used: 0, hellos: 0, state: 'open', ...more }
}

function withThese(...invitations: readonly InvitationSnapshot[]): ClientSnapshot {
  return { ...newWorld('Mira').client, invitations }
}

test('a hello that waits or was declined has taken its place, as one that was let in has', () => {
  const rows = invitationRows(
    withThese(
      invitation('1'),
      invitation('2', { hellos: 1 }),
      invitation('3', { uses: 3, used: 1, hellos: 2 }),
      invitation('4', { uses: 3, used: 3, hellos: 3, state: 'used' }),
    ),
    NOW,
  )
  expect(rows.map(({ mark, left, state }) => [mark, left, state])).toEqual([
    ['000001', 1, 'open'],
    ['000002', 0, 'used'],
    ['000003', 1, 'open'],
    ['000004', 0, 'used'],
  ])
})

test('an invitation ends in an open page, too; one that was taken back stays so', () => {
  const client = withThese(invitation('1', { expires: NOW }), invitation('2', { expires: NOW, state: 'revoked' }))
  expect(invitationRows(client, NOW).map((row) => row.state)).toEqual(['expired', 'revoked'])
})

test('what is shown first was used by nobody, and lasts longest', () => {
  const all = [
    invitation('1', { expires: 1_500 }),
    invitation('2', { expires: 1_800 }),
    invitation('3', { uses: 2, hellos: 1 }),
    invitation('4', { state: 'revoked' }),
  ]
  expect(newestUnused(withThese(...all), NOW)).toBe('2')
  expect(newestUnused(withThese(), NOW)).toBeUndefined()
})
