import { fileURLToPath } from 'node:url'
import { CHROMIUM_FLAGS, chromiumPath } from '@sotto/testkit'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { serve } from './serve.ts'

const FIXTURE = fileURLToPath(new URL('../test-results/fixture', import.meta.url))

export interface Opened {
  readonly page: Page
  readonly context: BrowserContext
}

/** The built fixture page in a real browser. `problems` collects every error and every breach of the page's policy. */
export interface Stage {
  readonly url: string
  readonly problems: readonly string[]
  open(query?: string, options?: BrowserContextOptions): Promise<Opened>
  /** The same tab as whoever comes for the first time has it: nothing is left of what was there. */
  again(page: Page, query: string): Promise<void>
  /** One more tab of the same profile. */
  tab(context: BrowserContext, query?: string): Promise<Page>
  close(): Promise<void>
}

/** One for all files, which share a process: starting it takes longer than most tests. Each page has a context of its own. It ends with the process. */
let shared: Promise<Browser> | undefined

export async function stage(): Promise<Stage> {
  shared ??= chromium.launch({ executablePath: chromiumPath(), args: [...CHROMIUM_FLAGS] })
  const [browser, { url, close }] = await Promise.all([shared, serve(FIXTURE)])
  const contexts: BrowserContext[] = []
  const problems: string[] = []

  async function tab(context: BrowserContext, query = ''): Promise<Page> {
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (line) => {
      if (line.type() === 'error' || line.type() === 'warning') problems.push(line.text())
    })
    await load(page, query)
    return page
  }

  async function load(page: Page, query: string): Promise<void> {
    await page.goto(url + query)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
  }

  return {
    url,
    problems,
    tab,
    async again(page, query) {
      await page.evaluate(() => localStorage.clear())
      // From one address to another that differs in what follows the #, nothing would be loaded.
      await page.goto('about:blank')
      await load(page, query)
    },
    async open(query, options) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
      contexts.push(context)
      return { context, page: await tab(context, query) }
    },
    async close() {
      await Promise.all(contexts.map((context) => context.close()))
      await close()
    },
  }
}

/** What a screen reader says of an own message's state, in order. */
export function ticks(page: Page): Promise<string[]> {
  return page
    .getByRole('log')
    .getByRole('img')
    .evaluateAll((marks) => marks.map((mark) => mark.getAttribute('aria-label') ?? ''))
}
