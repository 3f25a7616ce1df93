import { chromium } from 'playwright-core'
import { CHROMIUM_FLAGS, chromiumPath, killTree, mainProcessWith } from '@sotto/testkit'
import type { BrowserContext, Page } from 'playwright-core'
import { onFailure } from './diagnostics.ts'

/** With these a browser offers its loopback address to others, which it does for no page otherwise. */
const DIRECT = { args: ['--allow-loopback-in-peer-connection'], permissions: ['camera', 'microphone'] }
/** So tall that a whole conversation of a scenario is in the document. */
const VIEWPORT = { width: 1280, height: 4_000 }

export interface BrowserOptions {
  /** Flags and permissions with which a direct connection on one machine is possible. @default true */
  readonly direct?: boolean
  /** Further flags. */
  readonly flags?: readonly string[]
  /** Runs in every page before its own scripts. */
  readonly before?: () => void
}

/** One Chromium process with a user-data directory of its own. */
export interface Browser {
  readonly context: BrowserContext
  /** Errors that pages threw, and breaches of their policy. */
  readonly problems: readonly string[]
  /** A tab, which has loaded nothing yet. */
  tab(): Promise<Page>
  /** As a person closes it. */
  close(): Promise<void>
  /** SIGKILL for the browser and all its processes. */
  kill(): Promise<void>
}

export async function openBrowser(directory: string, options: BrowserOptions = {}): Promise<Browser> {
  const { direct = true, flags = [], before } = options
  const context = await chromium.launchPersistentContext(directory, {
    executablePath: chromiumPath(),
    args: [...CHROMIUM_FLAGS, ...(direct ? DIRECT.args : []), ...flags],
    permissions: direct ? DIRECT.permissions : [],
    viewport: VIEWPORT,
  })
  if (before) await context.addInitScript(before)
  const problems: string[] = []
  context.on('weberror', ({ error }) => void problems.push(error().message))
  const lines: string[] = []
  onFailure(() => `--- ${directory}\n${lines.slice(-40).join('\n')}`)
  context.on('console', (line) => {
    lines.push(`${line.type()} ${line.text()}`)
    if (/content security policy/i.test(line.text())) problems.push(line.text())
  })
  const [blank] = context.pages()
  let unused = blank
  return {
    context,
    problems,
    async tab() {
      const page = unused ?? (await context.newPage())
      unused = undefined
      page.setDefaultTimeout(40_000)
      return page
    },
    close: () => context.close(),
    async kill() {
      const gone = new Promise((resolve) => context.once('close', resolve))
      killTree(mainProcessWith(`--user-data-dir=${directory}`))
      await gone
    },
  }
}
