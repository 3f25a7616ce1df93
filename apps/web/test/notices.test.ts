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

const FULL = 'The disk of this computer is full. Free some space, then try again.'
const SIZES = [
  { width: 360, height: 640 },
  { width: 768, height: 900 },
  { width: 1280, height: 800 },
] as const

/** What may stand open as a notice comes. */
const PLACES: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  list: async () => undefined,
  conversation: (page) => page.getByRole('button', { name: /^Ana Ruiz/ }).click(),
  request: (page) => page.getByRole('button', { name: /Dora Klein/ }).click(),
  settings: async (page) => {
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.getByRole('menuitem', { name: 'Settings' }).click()
  },
  dialog: async (page) => {
    await page.getByRole('button', { name: /^Ana Ruiz/ }).click()
    await page.getByRole('button', { name: 'Safety number' }).click()
  },
}

test.each(Object.entries(PLACES))('three notices hide nothing that is open at any width: %s', async (_name, open) => {
  const page = await on.page('?world=busy', { viewport: SIZES[0], reducedMotion: 'reduce' })
  await open(page)
  await page.evaluate((full) => {
    window.fixture.request('K'.repeat(64), 'Hello')
    window.fixture.notice('Ben Okafor goes on with a new device.')
    window.fixture.notice(full)
  }, FULL)
  await page.locator('li').getByText(FULL).waitFor()
  for (const viewport of SIZES) {
    await page.setViewportSize(viewport)
    expect(await hidden(page), `${viewport.width} px`).toEqual([])
  }
})

test('a notice that says what nothing else says stays until it is dismissed; another goes by itself', async () => {
  const { page, context } = await on.open('?world=busy')
  await page.clock.install()
  await page.evaluate((full) => {
    window.fixture.request('Kofi', 'Hello')
    window.fixture.notice(full)
  }, FULL)
  await page.getByRole('button', { name: 'View' }).waitFor()
  await page.clock.runFor(11_000)
  await page.getByRole('button', { name: 'View' }).waitFor({ state: 'detached' })
  expect(await page.locator('li').getByText(FULL).isVisible()).toBe(true)
  await context.close()
})

test('a notice is said at once, reached and dismissed with keys, and the focus goes back to where it was', async () => {
  const page = await on.page('?world=busy')
  await page.getByRole('button', { name: /^Ana Ruiz/ }).click()
  const box = page.getByRole('textbox', { name: 'Message Ana Ruiz' })
  await box.fill('half a')
  await page.evaluate((full) => window.fixture.notice(full), FULL)
  await page.locator('[role=status][aria-live=assertive]').getByText(FULL).waitFor({ state: 'attached' })
  await page.getByRole('region', { name: 'Notices (F8)' }).waitFor()
  const isInNotices = () =>
    page.evaluate(() => document.activeElement?.closest('[role=region][aria-label^=Notices]') !== null)
  await page.keyboard.press('F8')
  expect(await isInNotices()).toBe(true)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Escape')
  await page.locator('li').getByText(FULL).waitFor({ state: 'detached' })
  await page.keyboard.type(' word')
  expect(await box.inputValue()).toBe('half a word')

  await page.evaluate(() => window.fixture.request('Kofi', 'Hello'))
  await page.getByRole('button', { name: 'View' }).press('Enter')
  await page.getByRole('button', { name: 'Accept' }).waitFor()
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Accept')
})

/** The headings and controls of which not every corner can be seen and hit, those aside that have to be scrolled to. */
function hidden(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const top = document.querySelector('[role=dialog]') ?? document.querySelector('main')
    const parts = [...(top?.querySelectorAll<HTMLElement>('h1, h2, button, a, input, textarea, header, form') ?? [])]
    const notices = document.querySelector('[role=region][aria-label^=Notices]')
    const isCovered = (element: HTMLElement) => {
      const { left, right, top: above, bottom } = element.getBoundingClientRect()
      if (right - left < 2 || element.closest('.sr-only')) return false
      // What is scrolled away lies behind whatever stands above its box.
      const box = element.closest('.overflow-y-auto')?.getBoundingClientRect()
      const isShownAt = (y: number) => box === undefined || (y > box.top && y < box.bottom)
      return [left + 2, right - 2].some((x) =>
        [above + 2, bottom - 2].some(
          (y) => isShownAt(y) && notices?.contains(document.elementFromPoint(x, y)) === true,
        ),
      )
    }
    const shown = parts.filter((element) => notices?.contains(element) !== true)
    if (shown.length < 3) return ['the page is not there']
    return shown.filter(isCovered).map((element) => element.outerHTML.slice(0, 120))
  })
}
