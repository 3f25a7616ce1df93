import { CODE_P2P, multiaddr } from '@multiformats/multiaddr'
import { ok, refuse, type Address, type Result } from '@sotto/interface'
import { MAX_ADDRESS_BYTES } from '@sotto/wire'
import { equals } from 'uint8arrays/equals'

import { IdentityError } from './errors.ts'

/** `no-peer-id`: a multiaddr, but it does not end in the `/p2p/…` that says whose address it is. */
export type AddressReason = 'malformed' | 'no-peer-id'

/** A person's text as an address: a multiaddr that ends in `/p2p/<peer id>`, in its normal form. */
export function parseAddress(text: string): Result<Address, AddressReason> {
  const bytes = text.length > 4 * MAX_ADDRESS_BYTES ? undefined : attempt(() => multiaddr(text.trim()).bytes)
  return bytes === undefined ? refuse('malformed') : bytesToAddress(bytes)
}

/** The address of a multiaddr's binary form. Exact: other bytes never give the same address. */
export function bytesToAddress(bytes: Uint8Array): Result<Address, AddressReason> {
  if (bytes.length === 0 || bytes.length > MAX_ADDRESS_BYTES) return refuse('malformed')
  const address = attempt(() => multiaddr(bytes))
  const text = attempt(() => address?.toString())
  // Lengths that lie and values with a slash in them do not survive the way through the text.
  const again = text === undefined ? undefined : attempt(() => multiaddr(text).bytes)
  if (address === undefined || text === undefined || again === undefined || !equals(again, bytes)) {
    return refuse('malformed')
  }
  // A name with spaces or terminal escapes could pass for something that the program said.
  if (!/^[\x21-\x7e]+$/.test(text)) return refuse('malformed')
  return address.getComponents().at(-1)?.code === CODE_P2P ? ok(text as Address) : refuse('no-peer-id')
}

/** The binary form of an address of ours. Throws {@link IdentityError} `bad-address` for what is none. */
export function addressToBytes(address: Address): Uint8Array {
  const bytes = attempt(() => multiaddr(address).bytes)
  if (bytes === undefined || !bytesToAddress(bytes).ok) {
    throw new IdentityError('bad-address', 'This is not the address of a relay; it must end in /p2p/ and a peer id.')
  }
  return bytes
}

function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse()
  } catch {
    return undefined // The library's only way to say that this is no multiaddr.
  }
}
