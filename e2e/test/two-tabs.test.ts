import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import type { Browser } from '../support/chromium.ts'
import { HELLO, makeContacts } from '../support/contacts.ts'
import { eventually, person } from '../support/page.ts'
import type { Person } from '../support/page.ts'
import { stage } from '../support/stage.ts'
import type { Stage } from '../support/stage.ts'

/** Each closes the leader a little later; more of them with `SOTTO_ROUNDS=12`. */
const ROUNDS = Number(process.env['SOTTO_ROUNDS'] ?? 3)
const BURST = 8

let on: Stage
let web: string
let browser: Browser
let first: Person
let second: Person
let bob: Person
const said = [HELLO]

beforeAll(async () => {
  on = await stage()
  const server = await on.server()
  web = server.web
  browser = await on.browser('alice')
  first = person(await browser.tab())
  bob = person(await (await on.browser('bob')).tab())
  await makeContacts(first, bob, web)
  second = await openTab()
})
afterAll(() => on.close())

test('two tabs of one profile show the same, whichever of them writes', async () => {
  await second.say('From the second tab')
  await first.say('From the first tab')
  await bob.say('To both')
  said.push('From the second tab', 'From the first tab', 'To both')
  await Promise.all([first.sees(said), second.sees(said), bob.sees(said)])
  await eventually(() => second.said(), await first.said())
  await second.seesStatus('Direct connection')
})

test(`the leader is closed in mid-send, ${ROUNDS} times: nothing is lost, nothing is there twice`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const texts = Array.from({ length: BURST }, (_, index) => `Round ${round}, message ${index}`)
    const gone = endIn(first, round)
    await sayAtOnce(second.page, texts)
    await gone
    said.push(...texts)
    await Promise.all([second.sees(said), bob.sees(said)])
    expect(await second.page.getByRole('alert').allTextContents()).toEqual([])
    first = second
    second = await openTab()
    await second.sees(said)
  }
})

test('what was asked for in the tab that is left is answered by it, and goes out', async () => {
  await first.page.close()
  await second.say('I lead now')
  said.push('I lead now')
  await bob.sees(said)
  await second.page.getByRole('button', { name: /^Connected/ }).waitFor()
})

async function openTab(): Promise<Person> {
  const tab = person(await browser.tab())
  await tab.page.goto(web)
  await tab.open('Bob')
  await tab.sees(said)
  return tab
}

/** Ends the leading tab while the other one sends, a little later each time: closed by its owner, or crashed. */
async function endIn({ page }: Person, round: number): Promise<void> {
  await second.page
    .getByRole('log')
    .getByText(`Round ${round}, message ${round % BURST}`, { exact: true })
    .waitFor()
  if (round % 2 === 0) return page.close()
  const crashed = page.waitForEvent('crash')
  void page.goto('chrome://crash').catch(() => undefined) // never answered
  await crashed
}

/** Sends them all within one turn of the page: each is on its way before the one before it is answered. */
async function sayAtOnce(page: Page, texts: readonly string[]): Promise<void> {
  const box = page.getByRole('textbox', { name: /^Message / })
  for (const text of texts) {
    await box.fill(text)
    await box.press('Enter')
  }
}
