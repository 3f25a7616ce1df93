import { createLink, decodeLink, formatLink } from '@sotto/identity'
import type { InvitationLinkRecord } from '@sotto/identity'
import type { AccountId, Address } from '@sotto/interface'
import { afterAll, beforeAll, test } from 'vitest'
import { person } from '../support/page.ts'
import type { Person } from '../support/page.ts'
import type { Server } from '../support/server.ts'
import { stage } from '../support/stage.ts'
import type { Stage } from '../support/stage.ts'
import type { Terminal } from '../support/terminal.ts'

const FORGED = /^The invitation at the relay was not made by the person whose link you have\./
const UNREACHABLE = /^No relay could be reached\./
const SOMEBODY_ELSE = 'ab'.repeat(32) as AccountId
const ANOTHER_RELAY = '12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5'

let on: Stage
let relay: Server
let web: string
let alice: Terminal
let bob: Person

beforeAll(async () => {
  on = await stage()
  relay = await on.relay()
  web = await on.page([relay.relay])
  alice = await on.terminal('Alice', relay.relay)
  const browser = await on.browser('bob')
  bob = person(await browser.tab())
  await bob.page.goto(web)
  await bob.begin('Bob')
})
afterAll(() => on.close())

test('a text that is no invitation, and a link that was cut', async () => {
  const { page } = bob
  const { link } = await invitation()
  await page.getByRole('main').getByRole('button', { name: 'I have an invite' }).last().click()
  for (const text of ['Let us meet at eight', link.slice(0, -7)]) {
    await page.getByRole('textbox', { name: 'Invitation link' }).fill(text)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('This is not a Sotto invitation. Ask for the whole link and paste it again.').waitFor()
  }
})

test('a forged link: it names another account than the one that made the invitation', async () => {
  const { link } = await invitation()
  const { relays, secret } = parts(link)
  await follow(formatLink(createLink({ relays, secret, account: SOMEBODY_ELSE }), `${web}/`))
  await refused(FORGED)
})

test('an invitation that was taken back', async () => {
  const { id, link } = await invitation()
  await follow(link)
  await bob.page.getByRole('heading', { name: 'Alice invites you' }).waitFor()
  await alice.do('revoke', { id })
  await bob.page.reload()
  await refused('This invitation has expired or was revoked. Ask for a new one.')
})

test('an invitation that somebody else has used', async () => {
  const { link } = await invitation()
  await follow(link)
  await bob.page.getByRole('heading', { name: 'Alice invites you' }).waitFor()
  const carol = await on.terminal('Carol', relay.relay)
  await carol.do('join', { link })
  await bob.page.getByRole('button', { name: 'Say hello' }).click()
  await bob.page.getByRole('alert').getByText('This invitation has already been used. Ask for a new one.').waitFor()
})

test('a relay that is not the one that the link names', async () => {
  const { relays, secret } = parts((await invitation()).link)
  const moved = relays.map((address) => address.replace(/\/p2p\/.*$/, `/p2p/${ANOTHER_RELAY}`) as Address)
  await follow(formatLink(createLink({ relays: moved, secret, account: SOMEBODY_ELSE }), `${web}/`))
  await refused(/^Another relay answers at this address than the one that was asked for\./)
})

test('no relay in reach, for whoever follows a link and for whoever makes one; afterwards both work', async () => {
  const { link } = await invitation()
  await relay.kill()
  await follow(link)
  await refused(UNREACHABLE)
  await bob.page.getByRole('button', { name: 'Not now' }).click()
  await bob.page.getByRole('main').getByRole('button', { name: 'Invite someone' }).last().click()
  await bob.page.getByRole('alert').getByText(UNREACHABLE).waitFor()

  await relay.restart()
  await bob.page.getByRole('button', { name: 'Connected', exact: true }).waitFor()
  await bob.page.getByRole('button', { name: 'Try again' }).click()
  await bob.page.getByRole('img', { name: 'QR code of the invitation link' }).waitFor()
  await follow(link)
  await bob.page.getByRole('button', { name: 'Say hello' }).click()
  await bob.page.getByText('Alice has not accepted yet').waitFor()
})

async function invitation(): Promise<{ id: string; link: string }> {
  const made = await alice.do('invite')
  return { id: String(made['invitation']), link: formatLink(parts(String(made['link'])), `${web}/`) }
}

function parts(link: string): InvitationLinkRecord {
  const decoded = decodeLink(link)
  if (!decoded.ok) throw new Error(decoded.reason)
  return decoded.value
}

async function follow(link: string): Promise<void> {
  await bob.page.goto('about:blank')
  await bob.page.goto(link)
}

async function refused(sentence: string | RegExp): Promise<void> {
  await bob.page.getByRole('heading', { name: 'This invitation does not work' }).waitFor()
  await bob.page.getByRole('alert').getByText(sentence).waitFor()
}
