import { decodeConversation } from '@sotto/core'
import type { EpochState } from '@sotto/group'
import { generationKeys, generationOf, roster } from '@sotto/group'
import type { DeviceId, Rows } from '@sotto/interface'
import type { Context } from '../context.ts'
import { ClientError } from '../errors.ts'
import { loadControl, loadNames } from '../groups/load.ts'
import type { GenerationContext } from '../mail/mailboxes.ts'
import { Conversation } from './conversation.ts'
import { Epochs, tipFirst } from './epochs.ts'
import type { Outlet } from './outlet.ts'
import { loadReadElsewhere } from './read-elsewhere.ts'

/** A conversation as the store holds it. */
export async function loadConversation(
  context: Context,
  outlet: Outlet,
  row: Rows['conversations'],
): Promise<Conversation> {
  const state = decodeConversation(row.state)
  const epochs = new Epochs(context.store, row.conversation)
  const tip = await epochs.get(row.tip)
  const rows = await context.store.list('generations', { prefix: [row.conversation] })
  if (!state.ok || tip === undefined || rows.length === 0) {
    throw damaged()
  }
  const newestFirst = rows.toSorted((a, b) => b.openedAt - a.openedAt)
  const generations = newestFirst.map((kept) => generationIn(kept, tip))
  // By the tip, not by the clock: it may have stood still, or gone back, between two of them.
  const { id } = await generationOf(context.engine, tip)
  const parts = { row, state: state.value, tip, generations: [...tipFirst(generations, id)] }
  const conversation = new Conversation(context, outlet, parts)
  conversation.control = await loadControl(context, conversation.id)
  conversation.readElsewhere = await loadReadElsewhere(conversation)
  if (conversation.kind === 'group') {
    if (conversation.control === undefined) throw damaged()
    conversation.names = await loadNames(context.store, conversation.id)
  }
  return conversation
}

function generationIn(kept: Rows['generations'], tip: EpochState): GenerationContext {
  // The first version kept no list; it had pairs only, whose roster does not change.
  const devices =
    kept.devices === '' ? roster(tip).map((member) => member.device) : (JSON.parse(kept.devices) as DeviceId[])
  return {
    id: kept.generation,
    secret: kept.secret,
    keys: generationKeys(kept.secret),
    openedAt: kept.openedAt,
    devices: devices.toSorted(),
  }
}

function damaged(): ClientError {
  return new ClientError('store-broken', 'A stored conversation is damaged. Restore the store or set up a new one.')
}
