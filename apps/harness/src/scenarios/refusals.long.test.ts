import { expect, test } from 'vitest'
import { onStage } from '../peers/stage.ts'
import { canMount, refusedByAFullDisk } from '../refusals/full-disk.ts'
import { refusedInvitations } from '../refusals/invitations.ts'
import { refusedByTheMachine } from '../refusals/machine.ts'

test.concurrent('invitations that are forged, expired, revoked, used up or replaced are refused by name, and leave nothing', async () => {
  expect(await onStage('invitations', refusedInvitations)).toBe(11)
})

test.concurrent('a machine, a network and a typing error are named in one sentence each', async () => {
  expect(await onStage('machine', refusedByTheMachine)).toBe(9)
})

test.runIf(canMount)(
  'a disk that becomes full costs nothing but the message that it refuses',
  { concurrent: true },
  async () => {
    expect(await onStage('full disk', refusedByAFullDisk)).toBe(2)
  },
)
