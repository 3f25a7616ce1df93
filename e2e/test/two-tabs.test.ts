import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from '../support/chromium.ts'
import { HELLO, makeContacts } from '../support/contacts.ts'
import { eventually, person } from '../support/page.ts'
import type { Person } from '../support/page.ts'
import { stage } from '../support/stage.ts'
import type { Stage } from '../support/stage.ts'

/** Each closes the leader a little later; more of them with `SOTTO_ROUNDS=12`. */
const ROUNDS = Number(process.env['SOTTO_ROUNDS'] ?? 2)
const MOST_ROUNDS = 12
/** At least so many in each. */
const BURST = 8
/** All messages of all rounds are in the document. */
const TALL = { width: 1280, height: 1_600 + 600 * Math.max(ROUNDS, 4) }

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
  for (const { page } of [first, bob]) await page.setViewportSize(TALL)
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

test(`the leader is closed in mid-send, ${ROUNDS} times or more: nothing is lost, nothing is there twice`, async () => {
  let onTheirWay = 0
  // A quick machine may have shown all that was sent each time: then it goes on until something was on its way.
  for (let round = 0; round < ROUNDS || (onTheirWay === 0 && round < MOST_ROUNDS); round += 1) {
    expect([await leads(first), await leads(second)]).toEqual([true, false])
    const { texts, waiting } = await sayWhileItEnds(round)
    onTheirWay += waiting
    said.push(...texts)
    await Promise.all([second.sees(said), bob.sees(said)])
    expect(await second.page.getByRole('alert').allTextContents()).toEqual([])
    expect(await leads(second)).toBe(true)
    first = second
    second = await openTab()
    await second.sees(said)
  }
  console.log(`${onTheirWay} messages had been sent and did not stand there yet when the leader was gone.`)
  // Else it was closed before or after the sending, and nothing of this was shown.
  expect(onTheirWay).toBeGreaterThan(0)
})

test('what was asked for in the tab that is left is answered by it, and goes out', async () => {
  await first.page.close()
  await second.say('I lead now')
  said.push('I lead now')
  await bob.sees(said)
  await second.page.getByRole('button', { name: /^Connected/ }).waitFor()
})

/** Whether it is this tab that holds the lock of the one that leads. */
function leads({ page }: Person): Promise<boolean> {
  return page.evaluate(() =>
    navigator.locks.request('who am I', async () => {
      const { held = [] } = await navigator.locks.query()
      const self = held.find(({ name }) => name === 'who am I')?.clientId
      return held.some(({ name, clientId }) => name === 'sotto-leader' && clientId === self)
    }),
  )
}

async function openTab(): Promise<Person> {
  const tab = person(await browser.tab())
  await tab.page.setViewportSize(TALL)
  await tab.page.goto(web)
  await tab.open('Bob')
  await tab.sees(said)
  return tab
}

/**
 * Sends one message after the other in the tab that follows, without waiting for any of them, until some time after the leading tab has ended.
 * Answers them, and how many of those from before its end did not stand there then.
 */
async function sayWhileItEnds(round: number): Promise<{ texts: readonly string[]; waiting: number }> {
  const texts: string[] = []
  const box = second.page.getByRole('textbox', { name: /^Message / })
  const sayOne = async () => {
    const text = `Round ${round}, message ${texts.length}`
    await box.fill(text)
    await box.press('Enter')
    texts.push(text)
  }
  let waiting: number | undefined
  const ended = endIn(first, round).then(async () => {
    const before = [...texts]
    const there = new Set((await second.said()).map(({ text }) => text))
    waiting = before.filter((text) => !there.has(text)).length
  })
  while (waiting === undefined || texts.length < BURST) await sayOne()
  await ended
  return { texts, waiting }
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
