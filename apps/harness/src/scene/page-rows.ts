import type { Page } from 'playwright-core'

/** A message as it stands on the page. `state`: what a screen reader says of an own one; empty for others'. */
export interface Shown {
  readonly text: string
  /** A name, or "You". */
  readonly author: string
  readonly state: string
}

/** Calls `saw` with every message of the open conversation, and again whenever its state has changed, in the order of showing. */
export async function watchRows(page: Page, saw: (shown: Shown) => void): Promise<void> {
  await page.exposeFunction('harnessSaw', saw)
  await page.addInitScript(observeRows)
}

/** The messages of the open conversation, oldest first. */
export function readRows(page: Page): Promise<Shown[]> {
  return page.locator('[role=log] li').evaluateAll((rows) =>
    rows.flatMap((row) => {
      const text = row.querySelector('p[dir]')?.textContent ?? ''
      const author = row.querySelector('.sr-only')?.textContent?.replace(/: $/, '') ?? ''
      const state = row.querySelector('[role=img]')?.getAttribute('aria-label') ?? ''
      return text === '' ? [] : [{ text, author, state }]
    }),
  )
}

/** Runs in the page, before its own scripts, and so may use nothing of this file. */
function observeRows(): void {
  const told = new Set<string>()
  const look = (): void => {
    for (const row of document.querySelectorAll('[role=log] li')) {
      const text = row.querySelector('p[dir]')?.textContent ?? ''
      const author = row.querySelector('.sr-only')?.textContent?.replace(/: $/, '') ?? ''
      const state = row.querySelector('[role=img]')?.getAttribute('aria-label') ?? ''
      const key = JSON.stringify([text, author, state])
      if (text === '' || told.has(key)) continue
      told.add(key)
      ;(globalThis as unknown as { harnessSaw(shown: Shown): void }).harnessSaw({ text, author, state })
    }
  }
  const options = { subtree: true, childList: true, characterData: true, attributes: true }
  new MutationObserver(look).observe(document, options)
}
