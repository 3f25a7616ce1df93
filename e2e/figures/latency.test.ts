import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { makeContacts } from '../support/contacts.ts'
import { person } from '../support/page.ts'
import { stage } from '../support/stage.ts'

const ROUNDS = 100

/** Remembers, by its text, when each message became visible. Both pages read the clock of one machine. */
function watchMessages(): void {
  const seen: Record<string, number> = {}
  Object.assign(window, { seen })
  const look = (): void => {
    for (const row of document.querySelectorAll('[role=log] li p[dir]')) seen[row.textContent ?? ''] ??= Date.now()
  }
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true })
}

const seenAt = (page: Page, text: string): Promise<number> =>
  page
    .waitForFunction((wanted) => (window as unknown as { seen: Record<string, number> }).seen[wanted], text)
    .then((handle) => handle.jsonValue() as Promise<number>)

test.each([
  { way: 'direct', status: 'Direct connection', options: { direct: true } },
  { way: 'mailbox', status: /Via relay/, options: { direct: false } },
])(
  `from Enter to the text being visible in another browser, ${ROUNDS} messages, $way`,
  async ({ way, status, options }) => {
    const on = await stage()
    try {
      const server = await on.server()
      const before = { before: watchMessages, ...options }
      const [first, second] = [await on.browser('alice', before), await on.browser('bob', before)]
      const [alice, bob] = [person(await first.tab()), person(await second.tab())]
      await makeContacts(alice, bob, server.web)
      await alice.seesStatus(status)
      const took: number[] = []
      const box = alice.page.getByRole('textbox', { name: /^Message / })
      for (let round = 0; round < ROUNDS; round += 1) {
        const text = `message ${round}`
        await box.fill(text)
        const began = Date.now()
        await box.press('Enter')
        took.push((await seenAt(bob.page, text)) - began)
      }
      took.sort((a, b) => a - b)
      console.log(`page to page, ${way}: p50 ${took[ROUNDS / 2]} ms, p99 ${took[ROUNDS - 2]} ms`)
      expect(took).toHaveLength(ROUNDS)
    } finally {
      await on.close()
    }
  },
)
