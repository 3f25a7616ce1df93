import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stage } from './browser.ts'
import type { Stage } from './browser.ts'

let on: Stage
beforeAll(async () => {
  on = await stage()
})
afterAll(async () => {
  await on.close()
  expect(on.problems).toEqual([])
})

const SMALL = { width: 360, height: 640 } as const
/** What a window of 1280 × 800 is at a zoom of 200 %. */
const ZOOMED = { width: 640, height: 400 } as const

/** The places in which names and titles of 64 characters without a space stand, one after the other on a page. */
const WALKS: Readonly<Record<string, readonly ((page: Page) => Promise<unknown>)[]>> = {
  'a conversation and what is asked and told of it': [
    (page) => open(page, /^Wolfe/),
    (page) => press(page, 'Safety number'),
    (page) => page.keyboard.press('Escape'),
    (page) => press(page, /^Block/),
  ],
  'a group and who is in it': [
    (page) => open(page, /^Donau/),
    (page) => press(page, 'Group details'),
    (page) => press(page, /^Remove Wolfe/),
  ],
  'a request': [(page) => open(page, /^Request from/)],
  'whom to pick for a group': [
    (page) => press(page, 'New conversation'),
    (page) => page.getByRole('menuitem', { name: 'New group' }).click(),
  ],
  'who is reached how': [(page) => press(page, /^Connected/)],
}

test.each(Object.entries(WALKS))('long names run over no edge: %s', async (_name, steps) => {
  const page = await on.page('?world=odd', { viewport: SMALL, reducedMotion: 'reduce' })
  for (const step of steps) {
    await step(page)
    expect(await overEdges(page)).toEqual([])
  }
  await page.setViewportSize(ZOOMED)
  expect(await overEdges(page)).toEqual([])
})

test('a conversation opens at its end, however little it scrolls', async () => {
  const page = await on.page('?world=group', { viewport: SMALL, reducedMotion: 'reduce' })
  for (const height of [520, 560, 600, 640]) {
    await page.setViewportSize({ width: 360, height })
    await open(page, /^Weekend hikers/)
    await page.getByRole('log').getByText('And cake').waitFor()
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
    const left = await page.getByRole('log').evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight)
    expect(left, `${height} px high`).toBeLessThan(4)
    await press(page, 'Back to the conversations')
  }
})

function open(page: Page, name: RegExp): Promise<void> {
  return page.getByRole('navigation').getByRole('button', { name }).first().click()
}

function press(page: Page, name: string | RegExp): Promise<void> {
  return page.getByRole('button', { name }).filter({ visible: true }).first().click()
}

/** The texts that begin or end beyond the window, or beyond the dialog that they stand in. What is cut with dots ends there. */
function overEdges(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = []
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let text = texts.nextNode(); text instanceof Text; text = texts.nextNode()) {
      const parent = text.parentElement
      if (parent === null || parent.closest('.sr-only, [role=status]')) continue
      const frame = parent.closest('[role=dialog], [role=alertdialog]')?.getBoundingClientRect()
      const range = document.createRange()
      range.selectNodeContents(text)
      const { left, right, width } = (parent.closest('.truncate, .line-clamp-2') ?? range).getBoundingClientRect()
      if (width > 0 && (left < (frame?.left ?? 0) || right > (frame?.right ?? innerWidth))) found.push(text.data)
    }
    return found
  })
}
