import { Argument, type Command, type OptionValues } from 'commander'
import type { Fields } from './actions.ts'

type Perform = (own: Command, name: string, fields: Fields) => Promise<void>

/** `sotto group …`: words that stand after `group`. `command` makes one with the options that every command has. */
export function addGroups(
  group: Command,
  command: (parent: Command, usage: string, description: string) => Command,
  perform: Perform,
): void {
  command(group, 'create <title>', 'create a group; everyone must accept')
    .option('--member <account...>', 'who is invited: the account of a contact', [])
    .action((title: string, { member }: { member: string[] }, own: Command) =>
      perform(own, 'group create', { title, member }),
    )
  command(group, 'add <conversation> <account>', 'invite a contact into the group').action(
    (conversation: string, account: string, _o: OptionValues, own: Command) =>
      perform(own, 'group add', { conversation, account }),
  )
  command(
    group,
    'remove <conversation> <account>',
    'remove somebody from the group, or take back an invitation that is not answered',
  ).action((conversation: string, account: string, _o: OptionValues, own: Command) =>
    perform(own, 'group remove', { conversation, account }),
  )
  command(group, 'role <conversation> <account>', 'make somebody an admin, or a member again')
    .addArgument(new Argument('<role>', 'the new role').choices(['admin', 'member']))
    .action((conversation: string, account: string, role: string, _o: OptionValues, own: Command) =>
      perform(own, 'group role', { conversation, account, role }),
    )
  command(group, 'leave <conversation>', 'leave the group').action(
    (conversation: string, _o: OptionValues, own: Command) => perform(own, 'group leave', { conversation }),
  )
  command(group, 'rename <conversation> <title>', 'give the group another name').action(
    (conversation: string, title: string, _o: OptionValues, own: Command) =>
      perform(own, 'group rename', { conversation, title }),
  )
}
