import type { Person } from './page.ts'
import type { Line } from './program.ts'
import type { Terminal } from './terminal.ts'

export interface Member {
  readonly name: string
  readonly role: string
}

/** A person at a page, who talks with somebody already, makes an invitation. */
export async function inviteMore({ page }: Person): Promise<string> {
  await page.getByRole('button', { name: 'New conversation' }).click()
  await page.getByRole('menuitem', { name: 'Invite someone' }).click()
  await page.getByRole('img', { name: 'QR code of the invitation link' }).waitFor()
  return page.getByRole('textbox', { name: 'Invitation link' }).inputValue()
}

/** Somebody at a terminal says hello, and is accepted where the invitation is on show. */
export async function joinFromTerminal(terminal: Terminal, name: string, alice: Person, link: string): Promise<void> {
  await terminal.do('join', { link, message: `Hello from ${name}` })
  await alice.accept(name)
}

/** Makes a group in the page, and asks these contacts. */
export async function makeGroup({ page }: Person, title: string, names: readonly string[]): Promise<void> {
  await page.getByRole('button', { name: 'New conversation' }).click()
  await page.getByRole('menuitem', { name: 'New group' }).click()
  await page.getByRole('textbox', { name: 'Name of the group' }).fill(title)
  for (const name of names) await page.getByRole('checkbox', { name }).check()
  await page.getByRole('button', { name: 'Create the group' }).click()
  await page.getByRole('log').getByText(`You created the group “${title}”`).waitFor()
}

/** Says yes to an invitation into a group, at a terminal. Answers the conversation, which is there once it was let in. */
export async function acceptGroup(terminal: Terminal, title: string): Promise<string> {
  const { id } = await terminal.fact({ type: 'request', kind: 'group', title })
  const { conversation } = await terminal.do('accept', { id })
  return String(conversation)
}

/** Who is in the group and as what, as the page's details say it; who is on the way in or out is marked. */
export async function membersInPage({ page }: Person): Promise<Member[]> {
  await page.getByRole('button', { name: 'Group details' }).click()
  const rows = page.getByRole('dialog', { name: 'Group details' }).getByRole('region', { name: /^\d+ p/ })
  await rows.waitFor()
  const texts = await rows
    .getByRole('listitem')
    .evaluateAll((items) => items.map((item) => [...item.querySelectorAll('span > span')].map((e) => e.textContent)))
  await page.keyboard.press('Escape')
  return texts.map(([name = '', about = '']) => ({ name: name.replace(' (you)', ''), role: about.toLowerCase() }))
}

/** The same, as a terminal says it. */
export async function membersAt(terminal: Terminal, conversation: string): Promise<Member[]> {
  const { rows } = await terminal.do('conversations')
  const found = (rows as Line[]).find((row) => row['conversation'] === conversation)
  const members = (found?.['members'] ?? []) as { name: string; role: string; state?: string }[]
  return members.map(({ name, role, state }) => ({ name, role: state === undefined ? role : `${role} · ${state}` }))
}

/** The texts that came to a terminal in that conversation. */
export function textsAt(terminal: Terminal, conversation: string): string[] {
  return terminal
    .facts('message')
    .filter((line) => line['conversation'] === conversation)
    .map(({ text }) => String(text))
}
