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

const ELSEWHERE = 'Sotto is open in another tab'

test('a second tab says so, takes over when asked, and the first one stopped before', async () => {
  const { page: first, context } = await on.open('?world=empty')
  await first.getByRole('heading', { name: 'Nobody here yet' }).last().waitFor()
  const second = await on.tab(context, '?world=empty')
  await second.getByRole('heading', { name: ELSEWHERE }).waitFor()
  await second.getByRole('button', { name: 'Use it here' }).click()
  await second.getByRole('heading', { name: 'Chats' }).waitFor()
  await first.getByRole('heading', { name: ELSEWHERE }).waitFor()
  expect(await first.evaluate(() => window.fixture.stopped)).toBe(true)

  await first.getByRole('button', { name: 'Use it here' }).click()
  await first.getByRole('heading', { name: 'Chats' }).waitFor()
  await second.getByRole('heading', { name: ELSEWHERE }).waitFor()
  await context.close()
})

test('of three tabs the one that asked takes over, not the one that waited longest', async () => {
  const { page: first, context } = await on.open('?world=empty')
  await first.getByRole('heading', { name: 'Chats' }).waitFor()
  const second = await on.tab(context, '?world=empty')
  const third = await on.tab(context, '?world=empty')
  await third.getByRole('button', { name: 'Use it here' }).click()
  await third.getByRole('heading', { name: 'Chats' }).waitFor()
  await first.getByRole('heading', { name: ELSEWHERE }).waitFor()
  await second.getByRole('heading', { name: ELSEWHERE }).waitFor()
  await context.close()
})

test('when the leading tab is closed, the waiting one goes on by itself', async () => {
  const { page: first, context } = await on.open('?world=empty')
  await first.getByRole('heading', { name: 'Chats' }).waitFor()
  const second = await on.tab(context, '?world=empty')
  await second.getByRole('heading', { name: ELSEWHERE }).waitFor()
  await first.close()
  await second.getByRole('heading', { name: 'Chats' }).waitFor()
  await context.close()
})

test('a leading tab that does not answer loses its lock', async () => {
  const { page: first, context } = await on.open('?world=empty&hang')
  await first.getByRole('heading', { name: 'Chats' }).waitFor()
  const second = await on.tab(context, '?world=empty')
  await second.getByRole('button', { name: 'Use it here' }).click()
  await second.getByRole('heading', { name: 'Chats' }).waitFor({ timeout: 20_000 })
  await context.close()
})

test('one plain page names what is missing', async () => {
  const { page, context } = await on.open('?missing=opfs&missing=webrtc')
  await page.getByRole('heading', { name: 'Sotto cannot run in this browser as it is' }).waitFor()
  expect(await page.getByRole('listitem').count()).toBe(2)
  await page.getByText(/^WebRTC\./).waitFor()
  await context.close()
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
  await context.close()
})

test('a store that another tab lets go of a moment later is opened then', async () => {
  const { page, context } = await on.open('?world=empty&held=2')
  await page.getByRole('heading', { name: 'Chats' }).waitFor()
  await context.close()
})

test('a store that cannot be opened says why', async () => {
  const { page, context } = await on.open('?broken')
  await page.getByRole('heading', { name: 'Sotto could not start' }).waitFor()
  await page.getByRole('alert').getByText('Your messages are damaged on this disk.').waitFor()
  await page.getByRole('button', { name: 'Try again' }).waitFor()
  await context.close()
})
