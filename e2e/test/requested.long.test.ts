import { afterAll, beforeAll, expect, test } from 'vitest'
import { READ, SENT, person } from '../support/page.ts'
import type { Person } from '../support/page.ts'
import { stage } from '../support/stage.ts'
import type { Stage } from '../support/stage.ts'

let on: Stage
let web: string
let alice: Person
let bob: Person

beforeAll(async () => {
  on = await stage()
  web = (await on.server()).web
  const [first, second] = await Promise.all([on.browser('alice'), on.browser('bob')])
  alice = person(await first.tab())
  bob = person(await second.tab())
})
afterAll(() => on.close())

test('a request reaches somebody who was away, and what is written before the answer follows it', async () => {
  await alice.page.goto(web)
  await alice.begin('Alice')
  const link = await alice.invite()
  await alice.page.goto('about:blank')

  await bob.answer(link, 'Bob', 'Hello, I am early')
  await bob.page.getByText('Alice has not accepted yet').waitFor()
  await bob.seesStates([SENT])
  await bob.say('You were not there')
  await bob.page.reload()
  await bob.open('Alice')
  await bob.sees(['Hello, I am early', 'You were not there'])

  await alice.page.goto(web)
  await alice.page.getByRole('navigation').getByRole('button', { name: 'Request from Bob' }).click()
  expect(await alice.page.getByText('You were not there').count()).toBe(0) // a stranger says one thing
  await alice.page.getByRole('button', { name: 'Accept' }).click()
  await alice.sees(['Hello, I am early', 'You were not there'])
  await bob.seesStates([READ, READ])
  expect(await bob.page.getByText('Alice has not accepted yet').count()).toBe(0)
})

test('both see the same safety number', async () => {
  const numbers = await Promise.all(
    [alice, bob].map(async ({ page }) => {
      await page.getByRole('button', { name: 'Safety number' }).click()
      const groups = page.getByRole('list', { name: 'Safety number in groups of five digits' }).getByRole('listitem')
      await groups.last().waitFor()
      return groups.allTextContents()
    }),
  )
  expect(numbers[0]).toHaveLength(12)
  expect(numbers[0]).toEqual(numbers[1])
})
