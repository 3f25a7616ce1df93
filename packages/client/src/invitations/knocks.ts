import { checkSeal } from '@sotto/core'
import { join, open, roster, welcomeRefs, type EpochState } from '@sotto/group'
import type { AccountId, Result, Rows } from '@sotto/interface'
import { ok, refuse } from '@sotto/interface'
import { decodeInner, decodeProfileBody, decodeSeal, decodeTextBody, fromHex, toHex, type Knock } from '@sotto/wire'
import type { Context } from '../context.ts'
import type { Control, Kept } from '../groups/control.ts'
import { controlOfKnock } from '../groups/pair.ts'

/** What a hello says, after all checks; `state` is the conversation's founding epoch as we join it. */
export interface OpenedKnock {
  readonly knock: Knock
  readonly state: EpochState
  readonly account: AccountId
  /** The encoded device chain of who says hello. */
  readonly chain: Uint8Array
  readonly name: string
  readonly text: string
  /** The conversation's control log so far; pairs of the first version have none. */
  readonly begun: { readonly control: Control; readonly kept: Kept } | undefined
}

/** Reads a hello. Keeps nothing and sends nothing: the key package's private half opens it as often as needed. */
export async function openKnock(
  context: Context,
  invitation: Rows['invitations'],
  inner: Uint8Array,
): Promise<Result<OpenedKnock>> {
  const decoded = decodeInner(inner)
  if (!decoded.ok) return decoded
  if (decoded.value.item.case !== 'knock') return refuse('misplaced')
  const knock = decoded.value.item.value
  const keyPackage = await keyPackageFor(context, invitation, knock.welcome)
  if (keyPackage === undefined) return refuse('wrong-key-package')
  const profile = context.profile()
  const self = { deviceSeed: profile.deviceSeed, credential: profile.chain }
  const { welcome } = knock
  const joined = await join(context.engine, { welcome, keyPackage, self, verify: context.verify })
  if (!joined.ok) return joined
  const state = joined.value
  const others = roster(state).filter((member) => member.account !== profile.account)
  const [other] = others
  if (other === undefined || others.length !== 1 || roster(state).length !== 2) return refuse('not-a-pair')
  const said = await firstWords(context, state, knock)
  if (!said.ok) return said
  const begun = await controlOfKnock(context.crypto, state, knock, other.account)
  if (!begun.ok) return begun
  return ok({ knock, state, account: other.account, chain: other.credential, ...said.value, begun: begun.value })
}

async function keyPackageFor(
  context: Context,
  invitation: Rows['invitations'],
  welcome: Uint8Array,
): Promise<{ public: Uint8Array; private: Uint8Array } | undefined> {
  const refs = welcomeRefs(welcome)
  if (!refs.ok) return undefined
  for (const ref of refs.value) {
    const row = await context.store.get('keyPackages', [ref])
    if (row?.invitation === invitation.invitation) return { public: row.publicBytes, private: row.privateBytes }
  }
  return undefined
}

/** The name and the text in the first sealed item; everything in it is checked as any message is. */
async function firstWords(
  context: Context,
  state: EpochState,
  knock: Knock,
): Promise<Result<{ name: string; text: string }>> {
  const item = decodeInner(knock.items[0] ?? new Uint8Array())
  if (!item.ok) return item
  if (item.value.item.case !== 'application') return refuse('misplaced')
  const { epochId, mls } = item.value.item.value
  if (toHex(epochId) !== state.epochId) return refuse('wrong-epoch')
  const opened = await open(context.engine, state, mls)
  if (!opened.ok) return opened
  const { sender, plaintext } = opened.value
  const seal = decodeSeal(plaintext)
  if (!seal.ok) return seal
  const checked = checkSeal({ conversation: state.conversation, epochId: state.epochId, sender }, seal.value)
  if (!checked.ok) return checked
  const { statement, signature } = checked.value
  if (!(await context.crypto.ed25519.verify(fromHex(sender), statement, signature))) return refuse('bad-signature')
  return words(checked.value.events)
}

function words(events: readonly { kind: string; body: Uint8Array }[]): Result<{ name: string; text: string }> {
  const profile = decodeProfileBody(events.find((event) => event.kind === 'profile')?.body ?? new Uint8Array())
  if (!profile.ok) return refuse('no-name')
  const text = decodeTextBody(events.find((event) => event.kind === 'text')?.body ?? new Uint8Array())
  return ok({ name: profile.value.name, text: text.ok ? text.value.text : '' })
}
