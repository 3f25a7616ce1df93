import type { Change } from '@sotto/interface'
import { decodeLogBundle, decodeSignedRecord, unpackThings } from '@sotto/wire'
import type { Conversation } from '../conversation/conversation.ts'
import { receiveControl } from './take-control.ts'
import type { WholeWelcome } from './welcome.ts'

/** Takes what a 1:1 brings of a group that this device does not follow. Runs in the group's lane. */
export async function takeWord(group: Conversation, whole: WholeWelcome, done: readonly Change[]): Promise<void> {
  const bundle = decodeLogBundle(whole.bundle)
  const things = bundle.ok ? unpackThings(bundle.value.things) : bundle
  const [first] = things.ok ? things.value : []
  const record = decodeSignedRecord(first?.slice() ?? new Uint8Array())
  const [seen] = done
  if (record.ok && seen !== undefined) {
    const item = { record: record.value, attachment: new Uint8Array() } as Parameters<typeof receiveControl>[1]
    await receiveControl(group, item, { origin: { via: 'mailbox' }, bytes: new Uint8Array(), seen })
  }
  await group.context.store.commit(done)
}
