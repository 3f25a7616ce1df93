import { fileURLToPath } from 'node:url'
import { CHROMIUM_FLAGS, chromiumPath } from '@sotto/testkit'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { BLANK, serve } from './serve.ts'

const FIXTURE = fileURLToPath(new URL('../test-results/fixture', import.meta.url))

export interface Opened {
  readonly page: Page
  readonly context: BrowserContext
}

/** How a page is looked at; whatever is not said is as most people have it. */
export interface Look {
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly colorScheme?: 'light' | 'dark'
  readonly reducedMotion?: 'reduce' | 'no-preference'
}

const DESKTOP = { width: 1280, height: 800 }

/** The built fixture page in a real browser. `problems` collects every error and every breach of the page's policy. */
export interface Stage {
  readonly url: string
  readonly problems: readonly string[]
  /**
   * The page as whoever comes for the first time has it, in a tab that all callers share: it is taken from the one before. A tab of its own
   * costs more than most tests; whoever needs more than one tab, or leaves something behind in the browser, {@link open}s a profile.
   */
  page(query: string, look?: Look): Promise<Page>
  /** A tab in a profile of its own. */
  open(query?: string, options?: BrowserContextOptions): Promise<Opened>
  /** One more tab of the same profile. */
  tab(context: BrowserContext, query?: string): Promise<Page>
  close(): Promise<void>
}

/** One for all files, which share a process: starting it takes longer than most tests. It ends with the process. */
let started: Promise<Browser> | undefined

export async function stage(): Promise<Stage> {
  started ??= chromium.launch({ executablePath: chromiumPath(), args: [...CHROMIUM_FLAGS] })
  const [browser, { url, close }] = await Promise.all([started, serve(FIXTURE)])
  const contexts: BrowserContext[] = []
  const problems: string[] = []
  let shared: Page | undefined

  async function profile(options?: BrowserContextOptions): Promise<BrowserContext> {
    const context = await browser.newContext({ viewport: DESKTOP, ...options })
    contexts.push(context)
    return context
  }

  async function blank(context: BrowserContext): Promise<Page> {
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (line) => {
      if (line.type() === 'error' || line.type() === 'warning') problems.push(line.text())
    })
    return page
  }

  async function tab(context: BrowserContext, query = ''): Promise<Page> {
    const page = await blank(context)
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
    async page(query, { viewport = DESKTOP, colorScheme = 'light', reducedMotion = 'no-preference' } = {}) {
      shared ??= await blank(await profile())
      // Elsewhere at the same address: what was there has ended before it is forgotten.
      await shared.goto(url + BLANK)
      await shared.evaluate(() => [localStorage, sessionStorage].forEach((storage) => storage.clear()))
      await shared.setViewportSize(viewport)
      await shared.emulateMedia({ colorScheme, reducedMotion })
      await shared.mouse.move(0, 0)
      await load(shared, query)
      return shared
    },
    async open(query, options) {
      const context = await profile(options)
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
