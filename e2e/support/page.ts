import { expect, vi } from 'vitest'
import type { Locator, Page } from 'playwright-core'

export interface Said {
  readonly author: string
  readonly text: string
  /** What a screen reader says of an own message's state; none on others'. */
  readonly state: string | undefined
}

/** How far an own message has come, in the page's words. */
export const QUEUED = 'Queued on this device'
export const UNSENT = 'Not sent, and nothing will be sent from here any more'
export const SENT = 'Sent: stored at a relay'
export const DELIVERED = 'Delivered'
export const READ = 'Read'

/** By way of a relay receipts are coalesced for up to a minute. */
const RECEIPTS_MS = 80_000

/** A person at a page of Sotto: does what a person does, and reads what stands there. */
export interface Person {
  readonly page: Page
  /** First run: types the name and begins. */
  begin(name: string): Promise<void>
  /** Makes an invitation and answers its link. */
  invite(): Promise<string>
  /** Follows a link on the first run, with name and hello. */
  answer(link: string, name: string, hello: string): Promise<void>
  /** Accepts the hello that comes while the invitation is on show. */
  accept(name: string): Promise<void>
  /** Opens the conversation of the list. */
  open(name: string): Promise<void>
  say(text: string): Promise<void>
  /** The messages of the open conversation, in the order in which they stand there. */
  said(): Promise<Said[]>
  /** Waits until the texts of the open conversation are these, all of them and in this order. */
  sees(texts: readonly string[]): Promise<void>
  /** Waits until the last own messages, oldest first, have these states. */
  seesStates(states: readonly string[]): Promise<void>
  /** Waits for this line about the connection, above the messages. */
  seesStatus(status: string | RegExp): Promise<void>
}

export function person(page: Page): Person {
  const log = page.getByRole('log')
  const button = (name: string) => page.getByRole('button', { name })
  const field = (name: string) => page.getByRole('textbox', { name })
  const self: Person = {
    page,
    async begin(name) {
      await field('Your name').fill(name)
      await button('Start').click()
    },
    async invite() {
      await page.getByRole('main').getByRole('button', { name: 'Invite someone' }).last().click()
      await page.getByRole('img', { name: 'QR code of the invitation link' }).waitFor()
      return field('Invitation link').inputValue()
    },
    async answer(link, name, hello) {
      await page.goto(link)
      await field('Your name').fill(name)
      await field('Your hello').fill(hello)
      await button('Say hello').click()
      await log.getByText(hello).waitFor()
    },
    async accept(name) {
      await page.getByText(`${name} says hello`).first().waitFor()
      await button('See it').click()
      await button('Accept').click()
      await page.getByRole('log', { name: `Messages with ${name}` }).waitFor()
    },
    async open(name) {
      await page.getByRole('navigation').getByRole('button', { name }).click()
      await page.getByRole('log', { name: `Messages with ${name}` }).waitFor()
    },
    async say(text) {
      const box = page.getByRole('textbox', { name: /^Message / })
      await box.fill(text)
      await box.press('Enter')
      await log.getByText(text, { exact: true }).waitFor()
    },
    said: () => readLog(log),
    sees: (texts) => eventually(async () => (await self.said()).map(({ text }) => text), texts),
    async seesStates(states) {
      const own = async () => (await self.said()).flatMap(({ state }) => (state === undefined ? [] : [state]))
      await eventually(async () => (await own()).slice(-states.length), states, RECEIPTS_MS)
    },
    seesStatus: (status) =>
      page.getByRole('region', { name: 'Conversation' }).locator('header').getByText(status).waitFor(),
  }
  return self
}

/** Waits until what is read equals what is expected; a difference that stays is the failure's text. */
export async function eventually<T>(read: () => Promise<T>, expected: T, timeout = 60_000): Promise<void> {
  await vi.waitFor(async () => expect(await read()).toEqual(expected), { timeout, interval: 100 })
}

function readLog(log: Locator): Promise<Said[]> {
  return log.locator('li').evaluateAll((rows) =>
    rows.flatMap((row) => {
      const text = row.querySelector('p[dir]')?.textContent
      if (text === undefined || text === null) return []
      return {
        text,
        author: row.querySelector('.sr-only')?.textContent?.replace(/: $/, '') ?? '',
        state: row.querySelector('[role=img]')?.getAttribute('aria-label') ?? undefined,
      }
    }),
  )
}
