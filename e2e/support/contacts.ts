import type { Person } from './page.ts'

/** What stands in the conversation of two people who have just become contacts. */
export const HELLO = 'Hello Alice!'

/** Two new profiles become contacts; both have the conversation open. */
export async function makeContacts(alice: Person, bob: Person, web: string): Promise<void> {
  await alice.page.goto(web)
  await alice.begin('Alice')
  await bob.answer(await alice.invite(), 'Bob', HELLO)
  await alice.accept('Bob')
  await Promise.all([alice.sees([HELLO]), bob.sees([HELLO])])
}
