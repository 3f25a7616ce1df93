import { sha256 } from '@noble/hashes/sha2.js'
import { generationKeys, generationOf, join, openBeside, welcomeRefs } from '@sotto/group'
import { ok, refuse, type Change, type Result, type Rows } from '@sotto/interface'
import { decodeBackBundle, decodeWelcomeBundle, encodeWelcomeBundle, toHex } from '@sotto/wire'
import { concat, equals } from 'uint8arrays'
import type { Conversation } from '../conversation/conversation.ts'
import type { Outlet } from '../conversation/outlet.ts'
import { enterGroup } from './enter.ts'
import { hashIn, keptParts } from './back-parts.ts'
import { keyPackagesOf } from './key-packages.ts'

/** Enters by a bundle that is whole. `entered` takes over the conversation, which goes on. */
export async function letIn(conversation: Conversation, outlet: Outlet, entered: () => void): Promise<void> {
  const { context, id } = conversation
  const kept = await keptParts(conversation)
  for (const [hash, rows] of Map.groupBy(kept, hashIn)) {
    const whole = assembled(rows)
    if (whole === undefined) continue
    const done = rows.map(({ key }): Change => ({ delete: 'meta', key: [key] }))
    const bundle = toHex(sha256(whole)) === hash ? await opened(conversation, whole) : refuse('wrong-hash')
    const about = { conversation: id, done, known: conversation, by: 'itself' } as const
    const result = bundle.ok ? await enterGroup(context, outlet, { ...about, bundle: bundle.value }) : bundle
    if (result.ok) return entered()
    context.logger.debug('refused', { reason: result.reason })
    await context.store.commit(done)
  }
}

/** The whole bundle, once the Welcome has told which keys seal the rest. */
async function opened({ context, id }: Conversation, bytes: Uint8Array): Promise<Result<Uint8Array>> {
  const { engine, verify, store, profile } = context
  const back = decodeBackBundle(bytes)
  if (!back.ok) return back
  const welcome = back.value.welcome.slice()
  const refs = welcomeRefs(welcome)
  const own = await store.listBy('keyPackages.invitation', { prefix: [keyPackagesOf(id)] })
  const row = own.find(({ ref }) => refs.ok && refs.value.includes(ref))
  if (row === undefined) return refuse('wrong-key-package')
  const { deviceSeed, chain } = profile()
  const keyPackage = { public: row.publicBytes, private: row.privateBytes }
  const self = { deviceSeed, credential: chain }
  const joined = await join(engine, { welcome, keyPackage, self, verify, opensGeneration: true })
  if (!joined.ok) return joined
  const { secret } = await generationOf(engine, joined.value)
  const rest = openBeside(generationKeys(secret), back.value.sealed)
  const bundle = rest.ok ? decodeWelcomeBundle(rest.value) : rest
  if (!bundle.ok) return bundle
  const { things, heads, relays } = bundle.value
  if (!equals(bundle.value.welcome, sha256(welcome))) return refuse('other-welcome')
  return ok(encodeWelcomeBundle({ welcome, things, heads, relays }))
}

function assembled(rows: readonly Rows['meta'][]): Uint8Array | undefined {
  const parts = new Map(rows.map(({ key, value }) => [Number(key.split(' ')[3]), value]))
  const count = Number(rows[0]?.key.split(' ')[4])
  const pieces = Array.from({ length: count }, (_, part) => parts.get(part))
  return pieces.includes(undefined) ? undefined : concat(pieces.filter((piece) => piece !== undefined))
}
