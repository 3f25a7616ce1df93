import type { Client } from '@sotto/client'
import { SottoError } from '@sotto/interface'
import { Option, type Command } from 'commander'
import type { Action, Fields } from './actions.ts'

/** What a person has set, the same on all their devices; changed first where fields are given. */
export const SETTINGS_ACTION: Action = {
  online: false,
  fields: ['name?', 'relay?*', 'relaysOnly?'],
  run: async (client: Client, { name, relay, relaysOnly }: Fields) => {
    const on = relaysOnly === 'on'
    if (relaysOnly !== undefined && !on && relaysOnly !== 'off')
      throw new SottoError('bad-switch', 'Relays only is on or off.')
    if (typeof name === 'string') await client.do('rename', { name })
    if (Array.isArray(relay)) await client.do('setRelays', { relays: relay })
    if (relaysOnly !== undefined) await client.do('setRelaysOnly', { on })
    const settings = await client.do('settings', {})
    return { value: { name: settings.name, relays: settings.relays, relaysOnly: settings.relaysOnly } }
  },
}

type Perform = (own: Command, name: string, fields: Fields) => Promise<void>

/** `sotto settings`. */
export function addSettings(command: (usage: string, description: string) => Command, perform: Perform): void {
  command('settings', 'show what is set, on all your devices alike; the options change it')
    .option('--name <name>', 'the name that your contacts and the members of your groups see')
    .option('--relay <address...>', 'the relays that new invitations name, up to three')
    .addOption(new Option('--relays-only <switch>', 'connect to nobody but relays').choices(['on', 'off']))
    .action(({ name, relay, relaysOnly }: { name?: string; relay?: string[]; relaysOnly?: string }, own: Command) =>
      perform(own, 'settings', { name, relay, relaysOnly }),
    )
}
