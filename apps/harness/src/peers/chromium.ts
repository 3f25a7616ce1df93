import { chromium, type Page } from 'playwright-core'
import { CHROMIUM_FLAGS, chromiumPath } from '@sotto/testkit'

/** With these a browser offers its loopback address to others, which it does for no page otherwise. */
const DIRECT = { flags: ['--allow-loopback-in-peer-connection'], permissions: ['camera', 'microphone'] }
/** So tall that a whole conversation of a scenario is in the document. */
const VIEWPORT = { width: 1280, height: 4_000 }
const PATIENCE_MS = 40_000

/** A page in a Chromium of its own. */
export interface Tab {
  readonly page: Page
  close(): Promise<void>
}

/** Starts Chromium on that folder; a folder that was used before has all that the page kept. `CHROMIUM_PATH` says where it is. */
export async function openTab(folder: string): Promise<Tab> {
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: chromiumPath(),
    args: [...CHROMIUM_FLAGS, ...DIRECT.flags],
    permissions: DIRECT.permissions,
    viewport: VIEWPORT,
  })
  context.setDefaultTimeout(PATIENCE_MS)
  const page = context.pages()[0] ?? (await context.newPage())
  return { page, close: () => context.close() }
}
