import { openNodeStore } from '@sotto/store/node'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'vitest'
import { storeConformance } from './store-conformance.ts'

const makeHome = async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sotto-store-'))
  return {
    open: () => openNodeStore({ directory }),
    dispose: () => rm(directory, { recursive: true }),
  }
}

for (const check of storeConformance('node', makeHome)) test(check.name, check.run)
