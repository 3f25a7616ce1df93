import { expect, it } from 'vitest'

import { refusalToStatus, Status, statusToRefusal } from './index.ts'

it('maps each refusal to one status and back', () => {
  const statuses = Object.values(Status).filter((status): status is Status => typeof status === 'number')
  for (const status of statuses) {
    const refusal = statusToRefusal(status)
    if (status === Status.OK || status === Status.UNSPECIFIED) expect(refusal).toBeUndefined()
    else expect(refusal && refusalToStatus(refusal)).toBe(status)
  }
})
