import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

declare global {
  interface Window {
    axe?: {
      run(what: Document, options: object): Promise<{ violations: Found[]; passes: readonly unknown[] }>
    }
  }
}

interface Found {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

/** axe itself comes with its way into Playwright. */
const require = createRequire(import.meta.resolve('@axe-core/playwright'))
const SOURCE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

/** `colours`: only the rules whose answer can depend on the colours. */
export type Rules = 'all' | 'colours'

/**
 * What axe finds in a page as it stands, by these of its rules, and how many rules have passed. It is brought into a page once: that costs ten
 * times what looking does, and looking again leaves nothing behind.
 */
export async function lookAt(
  page: Page,
  rules: Rules = 'all',
): Promise<{ violations: readonly string[]; passes: number }> {
  if (!(await page.evaluate(() => window.axe !== undefined))) await page.evaluate(SOURCE)
  const only = rules === 'all' ? {} : { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } }
  return page.evaluate(async (options) => {
    // Without `resultTypes` it writes down every node that has passed.
    const found = await window.axe?.run(document, { resultTypes: ['violations'], ...options })
    const violations = found?.violations ?? []
    return {
      violations: violations.map(({ id, nodes: [node] }) => `${id}: ${node?.html ?? ''} ${node?.failureSummary ?? ''}`),
      passes: found?.passes.length ?? 0,
    }
  }, only)
}
