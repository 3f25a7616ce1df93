import { SottoError } from '@sotto/interface'
import { homeOf, readInput, type GlobalOptions } from './context.ts'
import type { Output } from './output.ts'

export interface InitOptions {
  readonly name: string
  readonly relay: readonly string[]
  readonly restore?: boolean
}

/** `sotto init`: sets up an empty home; with `restore`, for an account whose words come on standard input. */
export async function init(global: GlobalOptions, options: InitOptions, output: Output): Promise<void> {
  const [{ parseRelay }, { openHome }] = await Promise.all([import('@sotto/client'), import('@sotto/client/node')])
  const relays = options.relay.map((text) => checkedRelay(parseRelay(text)))
  const phrase = options.restore === true ? await readInput() : undefined
  const home = await openHome({ directory: homeOf(global) })
  try {
    const made = await home.create({ name: options.name, relays, ...(phrase === undefined ? {} : { phrase }) })
    const { account, device } = made.profile
    const { recoveryPhrase } = made
    output.answer(
      { account, device, recoveryPhrase },
      `Account ${account}\nDevice  ${device}\n\n${phrase === undefined ? wordsText(recoveryPhrase) : RESTORED}`,
    )
  } finally {
    await home.close()
  }
}

const RESTORED =
  'This is the same account on a new device, which knows nobody yet. Meet somebody whom you knew again, with `sotto invite` or `sotto join`: that brings you back into what you share, and puts the lost devices out there. Each further person brings back the rest. What was written before stays where it was.'

function wordsText(phrase: string): string {
  return `Recovery words. Write them down now; they are kept nowhere else:\n\n  ${phrase}`
}

/** The relay's address, or a sentence about what one looks like. */
export function checkedRelay<T>(relay: T | undefined): T {
  if (relay !== undefined) return relay
  throw new SottoError(
    'bad-address',
    'A relay address looks like /ip4/127.0.0.1/tcp/4781/ws/p2p/12D3…; the relay prints its own.',
  )
}
