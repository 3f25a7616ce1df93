import { canMount, refusedByAFullDisk } from '../refusals/full-disk.ts'
import { refusedInvitations } from '../refusals/invitations.ts'
import { refusedByTheMachine } from '../refusals/machine.ts'
import { onStage } from '../peers/stage.ts'
import type { Scenario } from './scenario.ts'

export const refusals: Scenario = {
  about: 'everything that cannot be done is refused with one clear sentence, and leaves nothing behind',
  async play() {
    return {
      invitations: await onStage('invitations', refusedInvitations),
      machine: await onStage('machine', refusedByTheMachine),
      fullDisk: canMount
        ? await onStage('full disk', refusedByAFullDisk)
        : 'not tried: only root may mount a small disk',
    }
  },
}
