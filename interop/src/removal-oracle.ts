import type { ClientState, Commit, GroupContext } from 'ts-mls'
import type { Engine } from './engines.ts'
import { Failure } from './failure.ts'
import { hex } from './peer.ts'

/** States of our members around a commit that removes somebody. */
export interface Removal {
  readonly commit: Uint8Array
  /** Before the commit: who is removed, and who stays and did not make it. */
  readonly removed: readonly { id: number; state: ClientState }[]
  readonly staying: ClientState | undefined
  /** After it, of somebody who stays. */
  readonly after: ClientState
}

/**
 * That who was removed cannot follow: neither with its init secret and nothing new (the defect of ts-mls up to 1.6.2), nor by opening
 * one of the path secrets with any key it had. That the second is a test at all is seen by somebody who stays, and opens one.
 */
export async function expectOut(engine: Engine, { commit, removed, staying, after }: Removal): Promise<void> {
  const authenticator = hex(after.keySchedule.epochAuthenticator)
  for (const { id, state } of removed) {
    if ((await withoutCommitSecret(engine, state, after.groupContext)) === authenticator)
      throw new Failure('follows', `member ${id} was removed and derives the next epoch from what it had`)
  }
  const path = pathOf(engine, commit)
  if (path === undefined) throw new Failure('follows', 'a commit that removes somebody has no UpdatePath')
  for (const { id, state } of removed) {
    if (await opensSome(engine, state, path, after.groupContext))
      throw new Failure('follows', `member ${id} was removed and opens a path secret of the commit that did it`)
  }
  if (staying !== undefined && !(await opensSome(engine, staying, path, after.groupContext)))
    throw new Failure('differs', 'somebody who stays opens no path secret, so that nobody removed does says nothing')
}

async function withoutCommitSecret(
  { library, suite }: Engine,
  state: ClientState,
  next: GroupContext,
): Promise<string> {
  const zeros = () => new Uint8Array(suite.kdf.size)
  const { keySchedule } = await library.initializeEpoch(state.keySchedule.initSecret, zeros(), next, zeros(), suite.kdf)
  return hex(keySchedule.epochAuthenticator)
}

function pathOf({ library }: Engine, bytes: Uint8Array): Commit['path'] {
  const [message] = library.decodeMlsMessage(bytes, 0) ?? []
  if (message?.wireformat !== 'mls_public_message') throw new Error('not a public commit')
  const { content } = message.publicMessage
  if (content.contentType !== 'commit') throw new Error('not a commit')
  return content.commit.path
}

async function opensSome(
  { library, suite }: Engine,
  state: ClientState,
  path: NonNullable<Commit['path']>,
  next: GroupContext,
): Promise<boolean> {
  // The path is sealed under the new epoch's context before the commit enters the transcript (RFC 9420 section 12.4.1).
  const { confirmedTranscriptHash } = state.groupContext
  const context = library.encodeGroupContext({ ...next, confirmedTranscriptHash })
  const ciphertexts = path.nodes.flatMap((node) => node.encryptedPathSecret)
  const keys = Object.values(state.privatePath.privateKeys)
  for (const key of keys) {
    const privateKey = await suite.hpke.importPrivateKey(key)
    for (const { kemOutput, ciphertext } of ciphertexts) {
      const opened = library.decryptWithLabel(privateKey, 'UpdatePathNode', context, kemOutput, ciphertext, suite.hpke)
      if (
        await opened.then(
          () => true,
          () => false,
        )
      )
        return true
    }
  }
  return false
}
