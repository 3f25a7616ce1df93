import { seededRandom } from '@sotto/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from '../support/chromium.ts'
import { HELLO, makeContacts } from '../support/contacts.ts'
import { eventually, person } from '../support/page.ts'
import type { Person } from '../support/page.ts'
import { stage } from '../support/stage.ts'
import type { Stage } from '../support/stage.ts'

const SEED = 'killed'
/** Ten with `SOTTO_KILLS=10`; each run has time for two. */
const KILLS = Number(process.env['SOTTO_KILLS'] ?? 2)
/**
 * A kill comes at most so long after the first key was pressed, in turns: while it is being written, and while it is being kept and sent. The last one waits
 * until the message stands. Milliseconds.
 */
const [SOON, LATER] = [80, 400]

let on: Stage
let web: string
let browser: Browser
let alice: Person
let bob: Person
const said = [HELLO]

beforeAll(async () => {
  on = await stage()
  web = (await on.server()).web
  browser = await on.browser('alice')
  alice = person(await browser.tab())
  bob = person(await (await on.browser('bob')).tab())
  await makeContacts(alice, bob, web)
})
afterAll(() => on.close())

test(`${KILLS} times SIGKILL in mid-send (seed "${SEED}"): what stood there is there, nothing is in two places`, async () => {
  const random = seededRandom(SEED)
  const fates = { kept: 0, 'a draft again': 0, 'never begun': 0 }
  for (let kill = 0; kill < KILLS; kill += 1) {
    const text = `Before kill ${kill}`
    // How far a message gets in so long depends on the machine; the last one got as far as the screen on any.
    const stood = await sayAndDie(
      text,
      kill === KILLS - 1 ? 'when it stands' : random.integer(kill % 2 === 0 ? SOON : LATER),
    )
    await comeBack()
    const answer = `After kill ${kill}`
    await bob.say(answer)
    said.push(answer)
    await alice.page.getByRole('log').getByText(answer, { exact: true }).waitFor()
    // By then everything that was kept is on show.
    const fate = await fateOf(text, stood)
    fates[fate] += 1
    if (fate === 'a draft again') await draftBox().press('Enter')
    if (fate !== 'never begun') said.push(text)
    await Promise.all([hasAll(alice), hasAll(bob)])
  }
  await eventually(async () => textsOf(alice), await textsOf(bob)) // in the same order, too
  console.log(
    `Of ${KILLS} messages ${Object.entries(fates)
      .map(([fate, count]) => `${count} were ${fate}`)
      .join(', ')}.`,
  )
  expect(fates.kept).toBeGreaterThan(0)
})

/** Types, sends, and is killed so many milliseconds after the first key, or once the message is seen. Answers whether it was seen. */
async function sayAndDie(text: string, after: number | 'when it stands'): Promise<boolean> {
  let stood = false
  const saying = async () => {
    await draftBox().fill(text)
    await draftBox().press('Enter')
    while (!stood) stood = (await textsOf(alice)).includes(text)
  }
  const said = saying().catch(() => undefined) // the page is gone in the middle of it
  if (after === 'when it stands') await said
  else await new Promise((resolve) => setTimeout(resolve, after)) // the moment of the kill is what is drawn
  await browser.kill()
  await said
  return stood
}

async function comeBack(): Promise<void> {
  browser = await on.browser('alice')
  alice = person(await browser.tab())
  await alice.page.goto(web)
  await alice.open('Bob')
}

async function fateOf(text: string, stood: boolean): Promise<'kept' | 'a draft again' | 'never begun'> {
  const isKept = (await textsOf(alice)).includes(text)
  const isDraft = (await draftBox().inputValue()) === text
  expect(isKept && isDraft, `"${text}" is in one place only`).toBe(false)
  if (stood) expect(isKept, `"${text}" stood there, and is there`).toBe(true)
  if (isKept) return 'kept'
  return isDraft ? 'a draft again' : 'never begun'
}

/** Everything that was said is there, each once. */
function hasAll(who: Person): Promise<void> {
  return eventually(async () => (await textsOf(who)).toSorted(), said.toSorted())
}

async function textsOf(who: Person): Promise<string[]> {
  return (await who.said()).map(({ text }) => text)
}

function draftBox() {
  return alice.page.getByRole('textbox', { name: 'Message Bob' })
}
