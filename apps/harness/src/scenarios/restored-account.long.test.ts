import { expect, test } from 'vitest'
import { onStage } from '../peers/stage.ts'
import { restoredAccount } from './restored-account.ts'

test('whoever has lost the only device is back by the words and one contact, and the lost device is out (seed 6)', async () => {
  expect(await onStage(6, restoredAccount.play)).toEqual({ back: true, lostDeviceReads: 0 })
})
