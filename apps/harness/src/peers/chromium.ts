import { chromium, type Page } from 'playwright-core'
import { CHROMIUM_FLAGS, chromiumPath, killTree, mainProcessWith } from '@sotto/testkit'

/** With these a browser offers its loopback address to others, which it does for no page otherwise. */
const DIRECT = { flags: ['--allow-loopback-in-peer-connection'], permissions: ['camera', 'microphone'] }
/** So tall that a whole conversation of a scenario is in the document; whoever reads it sees whether it is. */
const VIEWPORT = { width: 1280, height: 16_000 }
const PATIENCE_MS = 40_000

/** A page in a Chromium of its own. */
export interface Tab {
  readonly page: Page
  /** As a person closes it. */
  close(): Promise<void>
  /** SIGKILL for the browser and all its processes. */
  kill(): Promise<void>
}

/** Starts Chromium on that folder; a folder that was used before has all that the page kept. `onProblem` is told of what
 * the page throws. `CHROMIUM_PATH` says where it is. */
export async function openTab(folder: string, onProblem: (problem: string) => void = () => {}): Promise<Tab> {
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: chromiumPath(),
    args: [...CHROMIUM_FLAGS, ...DIRECT.flags],
    permissions: DIRECT.permissions,
    viewport: VIEWPORT,
  })
  context.setDefaultTimeout(PATIENCE_MS)
  context.on('weberror', ({ error }) => onProblem(error().message))
  const page = context.pages()[0] ?? (await context.newPage())
  return {
    page,
    close: () => context.close(),
    async kill() {
      const gone = new Promise((resolve) => void context.once('close', resolve))
      killTree(mainProcessWith(`--user-data-dir=${folder}`))
      await gone
    },
  }
}
