import type { Libp2p, Stream } from '@libp2p/interface'
import type { Address, MailboxKey, RelayId } from '@sotto/interface'
import { openFrames, type Frames } from '@sotto/net/mailbox'
import {
  decodeServerFrame,
  encodeOperation,
  encodeRequest,
  mailboxAuthBytes,
  MAX_SERVER_FRAME_BYTES,
  type ServerFrame,
} from '@sotto/wire'

import { nodeCrypto } from '../platform.ts'
import { openStream } from './mailbox-client.ts'

/** A session without any of a client's care: whatever bytes, in whatever order. */
export interface RawSession {
  readonly stream: Stream
  readonly frames: Frames
  readonly challenge: Uint8Array
  /** Every frame after the hello. */
  readonly heard: ServerFrame['frame'][]
  /** Resolves with how many frames were heard when `done` holds or the stream has ended. */
  until(done: () => boolean): Promise<number>
}

type OperationInit = Parameters<typeof encodeOperation>[0]['op'] & object

export async function openRaw(node: Libp2p, address: Address): Promise<RawSession> {
  const stream = await openStream(node, address)
  const frames = openFrames(stream, { maxFrame: MAX_SERVER_FRAME_BYTES, maxQueued: 512 * 1024 * 1024 })
  const heard: ServerFrame['frame'][] = []
  const checks = new Set<() => void>()
  const hello = Promise.withResolvers<Uint8Array>()
  const check = (): void => checks.forEach((each) => each())
  frames.listen({
    onFrame(bytes) {
      const decoded = decodeServerFrame(bytes)
      if (!decoded.ok) throw new Error('The relay sent what is no frame.')
      const { frame } = decoded.value
      if (frame.case === 'hello') hello.resolve(frame.value.challenge)
      else heard.push(frame)
      check()
    },
    onEnd() {
      hello.reject(new Error('The relay closed the stream at once.'))
      check()
    },
  })
  const until: RawSession['until'] = (done) =>
    new Promise((resolve) => {
      const each = (): void => {
        if (frames.open && !done()) return
        checks.delete(each)
        resolve(heard.length)
      }
      checks.add(each)
      each()
    })
  return { stream, frames, challenge: await hello.promise, heard, until }
}

/** A request as an honest client would sign it for that session. */
export async function signedRequest(
  { challenge }: Pick<RawSession, 'challenge'>,
  address: Address,
  id: number,
  op: OperationInit,
  keys: readonly MailboxKey[],
): Promise<Uint8Array> {
  const relay = address.slice(address.lastIndexOf('/') + 1) as RelayId
  const encoded = encodeOperation({ op })
  const signed = mailboxAuthBytes(relay, challenge, id, encoded)
  const auths = await Promise.all(
    keys.map(async ({ publicKey, seed }) => ({
      key: publicKey,
      signature: await nodeCrypto.ed25519.sign(seed, signed),
    })),
  )
  return encodeRequest({ id, op: encoded, auths })
}
