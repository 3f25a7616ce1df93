import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { openBrowser } from './chromium.ts'
import type { Browser, BrowserOptions } from './chromium.ts'
import { startServer } from './server.ts'
import type { Server } from './server.ts'

/** Where a scenario plays: everything that it started is gone when it closes. */
export interface Stage {
  /** A folder of that name, empty at first. */
  folder(name: string): string
  server(): Promise<Server>
  /** A browser; the same name again is the same user-data directory. */
  browser(name: string, options?: BrowserOptions): Promise<Browser>
  /** What must be ended with the stage, last one first. */
  later(end: () => Promise<unknown>): void
  close(): Promise<void>
}

export async function stage(): Promise<Stage> {
  const root = await mkdtemp(join(tmpdir(), 'sotto-e2e-'))
  const ends: (() => Promise<unknown>)[] = []
  const folder = (name: string) => join(root, name)
  return {
    folder,
    later: (end) => void ends.unshift(end),
    async server() {
      const server = await startServer(folder('relay'))
      ends.unshift(() => server.kill())
      return server
    },
    async browser(name, options) {
      const browser = await openBrowser(folder(name), options)
      ends.unshift(async () => {
        await browser.close()
        expect(browser.problems).toEqual([])
      })
      return browser
    },
    async close() {
      const failed: unknown[] = []
      for (const end of ends) await end().catch((error: unknown) => failed.push(error))
      await rm(root, { recursive: true, force: true, maxRetries: 5 })
      if (failed.length > 0) throw new AggregateError(failed, 'The scenario did not end cleanly.')
    },
  }
}
