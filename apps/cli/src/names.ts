import type { Client } from '@sotto/client'

/** What people in a conversation are called, by their accounts; in all conversations without one. */
export function namesIn(client: Client, conversation?: string): ReadonlyMap<string, string> {
  const { conversations } = client.snapshot.get()
  const members = conversations
    .filter((one) => conversation === undefined || one.conversation === conversation)
    .flatMap((one) => one.members)
  return new Map(members.flatMap(({ account, name }) => (name === '' ? [] : [[account, name] as const])))
}

/** A person for a person: their name, or how their account begins. */
export function called(account: string, names: ReadonlyMap<string, string> | undefined): string {
  return names?.get(account) ?? account.slice(0, 8)
}
