import type { Command, OptionValues } from 'commander'
import { homeOf, type GlobalOptions } from './context.ts'
import { checkedRelay } from './init.ts'
import { createOutput, type Output } from './output.ts'
import { qrText } from './qr.ts'
import type { Fields } from './actions.ts'

type Perform = (own: Command, name: string, fields: Fields) => Promise<void>

/** `sotto device …`: the devices of one account. */
export function addDevices(
  device: Command,
  command: (parent: Command, usage: string, description: string) => Command,
  perform: Perform,
): void {
  command(device, 'list', 'list your devices').action((_o: OptionValues, own: Command) =>
    perform(own, 'device list', {}),
  )
  command(device, 'link [code]', 'on a new home: show a code; on one that is set up: link the device that shows it')
    .option(
      '--relay <address>',
      'on a new home: the relay through which the devices meet; up to three times',
      collect,
      [],
    )
    .action((code: string | undefined, { relay }: { relay: string[] }, own: Command) =>
      code === undefined ? showCode(own, relay) : perform(own, 'device link', { code }),
    )
  command(device, 'revoke <device>', 'take a device out of everything; it reads nothing any more').action(
    (id: string, _o: OptionValues, own: Command) => perform(own, 'device revoke', { device: id }),
  )
}

/** Shows a code until another device has linked this one, then fetches what it is asked for. */
async function showCode(own: Command, texts: readonly string[]): Promise<void> {
  const options = own.optsWithGlobals<GlobalOptions>()
  const output = createOutput(options.json === true)
  const [{ parseRelay }, { openHome }] = await Promise.all([import('@sotto/client'), import('@sotto/client/node')])
  const relays = texts.map((text) => checkedRelay(parseRelay(text)))
  const home = await openHome({ directory: homeOf(options), logLevel: options.verbose === true ? 'debug' : 'warn' })
  const stop = new AbortController()
  const onSignal = (): void => stop.abort()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onSignal)
  try {
    const { account, device } = await home.link({ relays, onCode: (code) => sayCode(output, code) }, stop)
    const client = await home.client()
    await client.start()
    try {
      await client.do('sync', {})
    } finally {
      await client.stop()
    }
    output.answer({ account, device }, `Linked to account ${account}.`)
  } catch (error) {
    await home.close()
    throw error
  }
}

function sayCode(output: Output, code: string): void {
  const how =
    'On a device that you have: sotto device link CODE. Whoever has the code can take this device in, so show it to nobody else.'
  output.answer({ code }, `${qrText(code)}\n${code}\n\n${how}`)
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value]
}
