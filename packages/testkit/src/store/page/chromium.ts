import { createReadStream } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import type { BrowserContext, Page } from 'playwright-core'
import { build, defaultClientConditions } from 'vite'
import { CHROMIUM_FLAGS, chromiumPath } from '../../chromium.ts'
import type { StorePage } from './page.ts'

/** Reaches the page under a name that the browser does not take for this machine: no secure context. */
export const INSECURE_HOST = 'insecure.test'

const FLAGS = [...CHROMIUM_FLAGS, `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`]

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
}

/** The page of this folder, built and served from one origin, with a browser profile that outlives each browser. */
export interface PageHost {
  readonly profile: string
  readonly origin: string
  launch(): Promise<LaunchedBrowser>
  dispose(): Promise<void>
}

export interface LaunchedBrowser {
  readonly context: BrowserContext
  /** Opens the page in a tab of its own. */
  newTab(address?: string): Promise<Page>
  /** Kills all of the browser at once, as a lost battery does. */
  kill(): Promise<void>
  close(): Promise<void>
}

/** `condition` chooses what is built: `source` the sources, `default` what tsc made of them. */
export async function hostPage(condition: 'source' | 'default' = 'source'): Promise<PageHost> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-page-'))
  const [site, profile] = [join(folder, 'site'), join(folder, 'profile')]
  await buildPage(site, condition)
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://page').pathname)
    const file = join(site, path === '/' ? 'index.html' : path)
    stat(file).then(
      () => {
        response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream')
        createReadStream(file).pipe(response)
      },
      () => response.writeHead(404).end(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    profile,
    origin,
    launch: () => launch(profile, origin),
    async dispose() {
      server.closeAllConnections()
      server.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function buildPage(outDir: string, condition: string): Promise<void> {
  await build({
    configFile: false,
    root: fileURLToPath(new URL('.', import.meta.url)),
    logLevel: 'warn',
    resolve: { conditions: [condition, ...defaultClientConditions] },
    worker: { format: 'es' },
    build: { outDir, emptyOutDir: true, target: 'es2023', assetsInlineLimit: 0, reportCompressedSize: false },
  })
}

async function launch(profile: string, origin: string): Promise<LaunchedBrowser> {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath(),
    headless: false, // the flag below says it, in the way that keeps the whole browser
    args: FLAGS,
    chromiumSandbox: false,
  })
  return {
    context,
    async newTab(address = origin) {
      const page = await context.newPage()
      await page.goto(address)
      await page.waitForFunction(() => 'storePage' in globalThis)
      return page
    },
    async kill() {
      const session = await context.browser()?.newBrowserCDPSession()
      const { processInfo } = (await session?.send('SystemInfo.getProcessInfo')) ?? { processInfo: [] }
      const browser = processInfo.find(({ type }) => type === 'browser')
      if (browser === undefined) throw new Error('the browser does not tell its process')
      const gone = new Promise((resolve) => context.once('close', resolve))
      process.kill(browser.id, 'SIGKILL')
      await gone
    },
    close: () => context.close(),
  }
}

/** Calls a method of the page's {@link StorePage}. */
export async function call<M extends keyof StorePage>(
  tab: Page,
  method: M,
  ...args: Parameters<StorePage[M]>
): Promise<Awaited<ReturnType<StorePage[M]>>> {
  return tab.evaluate(
    ([name, values]) => {
      const { storePage } = globalThis as unknown as { storePage: Record<string, (...given: unknown[]) => unknown> }
      return storePage[name]?.(...values)
    },
    [method, args] as [string, unknown[]],
  ) as Promise<Awaited<ReturnType<StorePage[M]>>>
}
