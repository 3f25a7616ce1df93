import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stage } from './browser.ts'
import type { Opened, Stage } from './browser.ts'

let on: Stage
beforeAll(async () => {
  on = await stage()
})
afterAll(async () => {
  await on.close()
  expect(on.problems).toEqual([])
})

const ELSEWHERE = 'Sotto is open in another tab'

// These two mostly wait for a tab's patience to end: side by side.
test.concurrent('a page of another version that leads is named, and steps down when asked', async () => {
  const { page: old, context } = await openOldPage(true)
  const second = await on.tab(context, '?world=empty')
  const third = await on.tab(context, '?world=empty')
  for (const page of [second, third]) await page.getByRole('heading', { name: ELSEWHERE }).waitFor()
  // The one that asks takes over, not the one that waited longest.
  await third.getByRole('button', { name: 'Use it here' }).click()
  await third.getByRole('heading', { name: 'Chats' }).waitFor()
  await third.waitForFunction(() => window.fixture !== undefined)
  await second.getByRole('heading', { name: 'Chats' }).waitFor() // as its mirror
  expect(await old.evaluate(() => (window as unknown as { steppedDown?: boolean }).steppedDown)).toBe(true)
  await context.close()
})

test.concurrent('a leading tab that does not answer at all loses its lock', async () => {
  const { context } = await openOldPage(false)
  const second = await on.tab(context, '?world=empty')
  await second.getByRole('heading', { name: ELSEWHERE }).waitFor()
  await second.getByRole('button', { name: 'Use it here' }).click()
  await second.getByRole('heading', { name: 'Chats' }).waitFor({ timeout: 20_000 })
  await context.close()
})

test('a tab that leads and is asked to step down stops before, and leads again afterwards', async () => {
  const { page: first, context } = await on.open('?world=empty')
  await first.getByRole('heading', { name: 'Chats' }).waitFor()
  const other = await blank(context)
  await other.evaluate(async () => {
    void navigator.locks.request('sotto-leader', () => {
      Object.assign(window, { leads: true })
      return new Promise(() => undefined)
    })
    while (!(await navigator.locks.query()).pending?.some(({ name }) => name === 'sotto-leader'));
    new BroadcastChannel('sotto-leadership').postMessage('step down')
  })
  await other.waitForFunction(() => 'leads' in window)
  expect(await first.evaluate(() => window.fixture.stopped)).toBe(true)
  await first.getByRole('heading', { name: 'Chats' }).waitFor()
  await other.close()
  await first.waitForFunction(() => !window.fixture.stopped) // it leads again
  await context.close()
})

test('one plain page names what is missing', async () => {
  const page = await on.page('?missing=opfs&missing=webrtc')
  await page.getByRole('heading', { name: 'Sotto cannot run in this browser as it is' }).waitFor()
  expect(await page.getByRole('listitem').count()).toBe(2)
  await page.getByText(/^WebRTC\./).waitFor()
})

test('an insecure address is named as the one cause, by the real check', async () => {
  const { page, context } = await on.open('?world=empty')
  // A name that resolves to this machine but is no trustworthy origin.
  await page.route('http://sotto.test/**', (route) =>
    route
      .fetch({ url: on.url + new URL(route.request().url()).pathname.slice(1) })
      .then((response) => route.fulfill({ response })),
  )
  await page.goto('http://sotto.test/')
  await page.getByRole('heading', { name: 'Sotto cannot run in this browser as it is' }).waitFor()
  expect(await page.getByRole('listitem').allTextContents()).toEqual([expect.stringMatching(/^A secure address\./)])
  // The icon may still be on its way.
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await context.close()
})

test('a store that another tab lets go of a moment later is opened then', async () => {
  const page = await on.page('?world=empty&held=2')
  await page.getByRole('heading', { name: 'Chats' }).waitFor()
})

test('a store that cannot be opened says why', async () => {
  const page = await on.page('?broken')
  await page.getByRole('heading', { name: 'Sotto could not start' }).waitFor()
  await page.getByRole('alert').getByText('Your messages are damaged on this disk.').waitFor()
  await page.getByRole('button', { name: 'Try again' }).waitFor()
})

/** A page that leads as pages of an earlier version do: it says nothing to the others, and may step down when asked. */
async function openOldPage(willing: boolean): Promise<Opened> {
  const { page: unused, context } = await on.open('?missing=opfs')
  await unused.close()
  const page = await blank(context)
  await page.evaluate((may) => {
    const channel = new BroadcastChannel('sotto-leadership')
    const held = new Promise<void>((release) => {
      channel.onmessage = () => {
        if (!may) return
        Object.assign(window, { steppedDown: true })
        release()
      }
    })
    void navigator.locks.request('sotto-leader', () => held)
  }, willing)
  return { page, context }
}

/** A page of the same origin without any script. */
async function blank(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${on.url}favicon.svg`)
  return page
}
