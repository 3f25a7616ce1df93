import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { HELLO, makeContacts } from '../support/contacts.ts'
import { person } from '../support/page.ts'
import type { Person } from '../support/page.ts'
import { openSettings } from '../support/settings.ts'
import { stage } from '../support/stage.ts'
import type { Stage } from '../support/stage.ts'

const PASSPHRASE = 'correct horse battery staple'

let on: Stage
let web: string
let alice: Person
let bob: Person
const said = [HELLO]

beforeAll(async () => {
  on = await stage()
  web = (await on.server()).web
  alice = person(await (await on.browser('alice')).tab())
  bob = person(await (await on.browser('bob')).tab())
  await makeContacts(alice, bob, web)
})
afterAll(() => on.close())

test('relays only: the direct connection ends, messages arrive by relay, and it comes back', async () => {
  await alice.seesStatus('Direct connection')
  await openSettings(alice.page)
  await alice.page.getByRole('switch', { name: 'Relays only' }).click()
  await alice.page.getByRole('switch', { name: 'Relays only', checked: true }).waitFor()
  await bob.seesStatus(/^Via relay/)
  await bob.say('By relay')
  said.push('By relay')
  await alice.open('Bob')
  await alice.sees(said)
  await openSettings(alice.page)
  await alice.page.getByRole('switch', { name: 'Relays only', checked: true }).click()
  await bob.seesStatus('Direct connection')
})

test('a draft is there again after a reload, until it is sent', async () => {
  await alice.open('Bob')
  const box = alice.page.getByRole('textbox', { name: 'Message Bob' })
  await box.fill('Half a sentence')
  await alice.page.reload()
  await alice.page.waitForFunction(() => document.querySelector('textarea')?.value === 'Half a sentence')
  await box.press('Enter')
  said.push('Half a sentence')
  await Promise.all([alice.sees(said), bob.sees(said)])
  await alice.page.reload()
  await alice.sees(said)
  expect(await box.inputValue()).toBe('')
})

test('a passphrase locks what is kept: without it nothing opens, with it everything is there', async () => {
  await openSettings(alice.page)
  await alice.page.getByRole('button', { name: 'Set a passphrase' }).click()
  await alice.page.getByLabel('New passphrase').fill(PASSPHRASE)
  await alice.page.getByLabel('Once more').fill(PASSPHRASE)
  await alice.page.getByRole('button', { name: 'Lock' }).click()
  await alice.page.getByText('Locked with a passphrase.').waitFor()

  await alice.page.reload()
  await unlock(alice.page, 'correct hearse')
  await alice.page.getByRole('alert').getByText('This is not the passphrase. Try again.').waitFor()
  await unlock(alice.page, PASSPHRASE)
  await alice.open('Bob')
  await alice.sees(said)
  await bob.say('Are you back?')
  said.push('Are you back?')
  await alice.sees(said)
})

async function unlock(page: Page, passphrase: string): Promise<void> {
  await page.getByLabel('Passphrase').fill(passphrase)
  await page.getByRole('button', { name: 'Open' }).click()
}
