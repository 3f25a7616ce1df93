import { parseAddress } from '@sotto/identity'
import type { Address } from '@sotto/interface'

/** A person's text as the address of a relay, or undefined: a multiaddr that ends in `/p2p/<peer id>`. */
export function parseRelay(text: string): Address | undefined {
  const address = parseAddress(text)
  return address.ok ? address.value : undefined
}
