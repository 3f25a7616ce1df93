import type { Page } from 'playwright-core'

const STATES = [
  ['queued', /^(Queued|Not sent|On its way)/],
  ['sent', /^Sent/],
  ['delivered', /^Delivered/],
  ['read', /^Read/],
] as const

/** How long what stands there must stay the same to be taken for all that has come by now. */
const QUIET_MS = 100

/** A message as it stands on the page. `state`: what a screen reader says of an own one; empty for others'. */
export interface Shown {
  readonly text: string
  /** A name, or "You". */
  readonly author: string
  readonly state: string
}

/** So many messages of somebody are known to exist and are not here. */
export interface ShownGap {
  readonly missing: number
  readonly author: string
}

/**
 * Calls `saw` with every message of the open conversation, and again whenever its state has changed, in the order of showing. `title`: that
 * of the conversation.
 */
export async function watchRows(page: Page, saw: (shown: Shown & { readonly title: string }) => void): Promise<void> {
  await page.exposeFunction('harnessSaw', saw)
  await page.addInitScript(observeRows)
}

/** What stands in the open conversation, once it is all that has come by now. Throws unless all of it is in the document. */
export async function readRows(page: Page): Promise<Log['rows']> {
  let before: Log | undefined
  for (;;) {
    const now = await readLog(page)
    if (JSON.stringify(now) === JSON.stringify(before)) {
      if (now.hiddenPixels > 0) throw new Error('There is more in this conversation than fits into the window.')
      return now.rows
    }
    before = now
    await new Promise((resolve) => void setTimeout(resolve, QUIET_MS))
  }
}

/** What stands in the open conversation. */
interface Log {
  /** The messages, oldest first, and the gaps among them. */
  readonly rows: readonly (Shown | ShownGap)[]
  /** How much of it is beyond the window, and so perhaps not in the document. */
  readonly hiddenPixels: number
}

async function readLog(page: Page): Promise<Log> {
  const log = page.getByRole('log')
  // What is in a conversation comes at once, a moment after the conversation is opened; there are a hello or lines in each.
  await log.getByRole('listitem').first().waitFor()
  return log.evaluate((box) => ({
    hiddenPixels: box.scrollHeight - box.clientHeight,
    rows: [...box.querySelectorAll('li')].flatMap((row): (Shown | ShownGap)[] => {
      const text = row.querySelector('p[dir]')?.textContent ?? ''
      const author = row.querySelector('.sr-only')?.textContent?.replace(/: $/, '') ?? ''
      const state = row.querySelector('[role=img]')?.getAttribute('aria-label') ?? ''
      if (text !== '') return [{ text, author, state }]
      const gap = /^(?:A message|(\d+) messages) from (.+) (?:is|are) missing\. /.exec(row.textContent ?? '')
      return gap === null ? [] : [{ missing: Number(gap[1] ?? 1), author: gap[2] ?? '' }]
    }),
  }))
}

/** The state that a screen reader's words say. */
export function stateOf(words: string): string {
  return STATES.find(([, start]) => start.test(words))?.[0] ?? words
}

/** Runs in the page, before its own scripts, and so may use nothing of this file. */
function observeRows(): void {
  const told = new Set<string>()
  const look = (): void => {
    for (const row of document.querySelectorAll('[role=log] li')) {
      const title = row.closest('[role=log]')?.getAttribute('aria-label')?.replace('Messages with ', '') ?? ''
      const text = row.querySelector('p[dir]')?.textContent ?? ''
      const author = row.querySelector('.sr-only')?.textContent?.replace(/: $/, '') ?? ''
      const state = row.querySelector('[role=img]')?.getAttribute('aria-label') ?? ''
      const key = JSON.stringify([title, text, author, state])
      if (text === '' || told.has(key)) continue
      told.add(key)
      ;(globalThis as unknown as { harnessSaw(shown: object): void }).harnessSaw({ title, text, author, state })
    }
  }
  const options = { subtree: true, childList: true, characterData: true, attributes: true }
  new MutationObserver(look).observe(document, options)
}
