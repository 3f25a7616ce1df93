import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { openBrowser } from './chromium.ts'
import type { Browser, BrowserOptions } from './chromium.ts'
import { servePage } from './page-server.ts'
import { startRelay, startServer } from './server.ts'
import type { Server } from './server.ts'
import { startTerminal } from './terminal.ts'
import type { Terminal } from './terminal.ts'

/** Where a scenario plays: everything that it started is gone when it closes. */
export interface Stage {
  /** A folder of that name, made by whoever uses it. */
  folder(name: string): string
  /** A relay and the page in one program, as `npm start` runs them. */
  server(): Promise<Server>
  /** A relay alone; with names there can be several. */
  relay(name?: string): Promise<Server>
  /** Address of a page that names these relays, and that stays when they are gone. */
  page(relays: readonly string[]): Promise<string>
  /** A browser; the same name again is the same user-data directory. */
  browser(name: string, options?: BrowserOptions): Promise<Browser>
  /** A new home, online. */
  terminal(name: string, relay: string): Promise<Terminal>
  close(): Promise<void>
}

export async function stage(): Promise<Stage> {
  const root = await mkdtemp(join(tmpdir(), 'sotto-e2e-'))
  const folder = (name: string) => join(root, name)
  const ends: (() => Promise<unknown>)[] = []
  /** What was started last ends first. */
  const ending = <T>(made: T, end: (made: T) => Promise<unknown>): T => {
    ends.unshift(() => end(made))
    return made
  }
  return {
    folder,
    server: async () => ending(await startServer(folder('relay')), (server) => server.kill()),
    relay: async (name = 'relay') => ending(await startRelay(folder(name)), (relay) => relay.kill()),
    page: async (relays) => ending(await servePage(relays), (page) => page.close()).web,
    terminal: async (name, relay) =>
      ending(await startTerminal(folder(name), name, relay), ({ program }) => program.end('SIGKILL')),
    browser: async (name, options) =>
      ending(await openBrowser(folder(name), options), async (browser) => {
        await browser.close()
        expect(browser.problems).toEqual([])
      }),
    async close() {
      const failed: unknown[] = []
      for (const end of ends) await end().catch((error: unknown) => failed.push(error))
      await rm(root, { recursive: true, force: true, maxRetries: 5 })
      if (failed.length > 0) throw new AggregateError(failed, 'The scenario did not end cleanly.')
    },
  }
}
