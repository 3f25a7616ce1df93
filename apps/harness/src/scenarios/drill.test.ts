import { expect, test } from 'vitest'
import { onStage } from '../peers/stage.ts'
import { drill } from './drill.ts'

test.runIf(process.platform === 'linux')(
  'nothing that a relay must not know is found in all that it has (seed 6)',
  async () => {
    const { memoryBytes, found, secrets } = await onStage(6, drill.play)
    expect(memoryBytes).toBeGreaterThan(10 * 1024 * 1024)
    expect(secrets).toBeGreaterThan(30)
    expect(found).toBe(0)
  },
)
