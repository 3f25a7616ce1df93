import { expect, test } from 'vitest'
import { person } from '../support/page.ts'
import { stage } from '../support/stage.ts'

const MAX_SECONDS = 30
/** What else the machine does only ever makes it longer: the shortest counts. */
const TRIES = 3

test(`two new people talk within ${MAX_SECONDS} s of the first page's opening`, async () => {
  const took: number[] = []
  do took.push(await secondsToFirstWords())
  while (Math.min(...took) >= MAX_SECONDS && took.length < TRIES)
  console.log(
    `From navigation to the answer being visible at the other: ${took.map((s) => s.toFixed(1)).join(', ')} s.`,
  )
  expect(Math.min(...took)).toBeLessThan(MAX_SECONDS)
})

/** From Alice's opening the page for the first time, her browser already running, to Bob's seeing her answer to his hello. */
async function secondsToFirstWords(): Promise<number> {
  const on = await stage()
  try {
    const server = await on.server()
    const [first, second] = await Promise.all([on.browser('alice'), on.browser('bob')])
    const [alice, bob] = [person(await first.tab()), person(await second.tab())]
    const began = performance.now()
    await alice.page.goto(server.web)
    await alice.begin('Alice')
    await bob.answer(await alice.invite(), 'Bob', 'Hello Alice!')
    await alice.accept('Bob')
    await alice.say('Hello Bob, I am here')
    await bob.sees(['Hello Alice!', 'Hello Bob, I am here'])
    return (performance.now() - began) / 1000
  } finally {
    await on.close()
  }
}
