import { bytesToHex } from '@noble/hashes/utils.js'
import { ok, refuse, SottoError } from '@sotto/interface'
import { FORWARD_STEPS, MAX_AUTHENTICATED, MAX_PLAINTEXT, SKIPPED_KEYS } from '../limits.ts'
import type { GroupResult } from '../reasons.ts'
import { bytesIn, unwrap, wrap } from './codec.ts'
import type { OpenedBy } from './group.ts'
import type { SymbolicState } from './state.ts'

/** Seals under the next step of this device. */
export async function seal(
  state: SymbolicState,
  plaintext: Uint8Array,
  { authenticatedData = new Uint8Array() }: { authenticatedData?: Uint8Array } = {},
): Promise<{ state: SymbolicState; message: Uint8Array }> {
  if (plaintext.length > MAX_PLAINTEXT || authenticatedData.length > MAX_AUTHENTICATED)
    throw new SottoError('message-too-large', 'A message holds at most 1 MiB: send it as a file.')
  const message = wrap('message', state.secret, {
    conversation: state.conversation,
    epoch: String(state.epoch),
    sender: state.self,
    step: state.sealed,
    plaintext: bytesToHex(plaintext),
    authenticatedData: bytesToHex(authenticatedData),
  })
  return { state: { ...state, sealed: state.sealed + 1 }, message }
}

/** Opens a message of this epoch, each once; steps are counted as the real ratchet counts them. */
export async function open(state: SymbolicState, message: Uint8Array): Promise<GroupResult<OpenedBy<SymbolicState>>> {
  const found = unwrap('message', message)
  if (found === undefined) return refuse('not-a-message')
  if (found.content['conversation'] !== state.conversation) return refuse('wrong-conversation')
  if (found.content['epoch'] !== String(state.epoch)) return refuse('wrong-epoch')
  if (!found.isWhole(state.secret)) return refuse('undecryptable')
  const { sender, step } = found.content
  const [plaintext, authenticatedData] = [
    bytesIn(found.content['plaintext']),
    bytesIn(found.content['authenticatedData']),
  ]
  const member = state.members.find(({ leafIndex }) => leafIndex === sender)
  if (member === undefined || typeof step !== 'number' || plaintext === undefined || authenticatedData === undefined)
    return refuse('undecryptable')
  const heard = state.heard.get(member.leafIndex) ?? { next: 0, skipped: new Set<number>() }
  if (step < heard.next && !heard.skipped.has(step)) return refuse('replayed')
  if (step - heard.next > FORWARD_STEPS) return refuse('too-far')
  const skipped = new Set(heard.skipped)
  for (let between = heard.next; between < step; between++) skipped.add(between)
  skipped.delete(step)
  const kept = new Set([...skipped].slice(-SKIPPED_KEYS))
  const next = { next: Math.max(heard.next, step + 1), skipped: kept }
  const heardMap = new Map(state.heard).set(member.leafIndex, next)
  return ok({ state: { ...state, heard: heardMap }, plaintext, sender: member.device, authenticatedData })
}
