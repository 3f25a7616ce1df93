import { nodesNeeded } from '@sotto/group'
import type { Change, ConversationId, Store, TreeNodeId } from '@sotto/interface'

/** Rows at once: what a store gives at most. */
const PAGE = 10_000

/** The tree nodes of a conversation, by id. */
export async function nodesOf(
  store: Store,
  conversation: ConversationId,
): Promise<(id: TreeNodeId) => Uint8Array | undefined> {
  const nodes = await load(store, conversation)
  return (id) => nodes.get(id)
}

/** The writes that delete the tree nodes that none of these heads needs: those of the epochs that stay. */
export async function unneededNodes(
  store: Store,
  conversation: ConversationId,
  heads: readonly Uint8Array[],
): Promise<readonly Change[]> {
  const nodes = await load(store, conversation)
  const needed = nodesNeeded(heads, (id) => nodes.get(id))
  const unneeded = [...nodes.keys()].filter((id) => !needed.has(id))
  return unneeded.map((id): Change => ({ delete: 'treeNodes', key: [conversation, id] }))
}

async function load(store: Store, conversation: ConversationId): Promise<ReadonlyMap<TreeNodeId, Uint8Array>> {
  const nodes = new Map<TreeNodeId, Uint8Array>()
  let after: readonly TreeNodeId[] | undefined
  do {
    const range = { prefix: [conversation], limit: PAGE, ...(after === undefined ? {} : { after }) }
    const rows = await store.list('treeNodes', range)
    for (const { node, bytes } of rows) nodes.set(node, bytes)
    const last = rows.at(-1)
    after = last === undefined || rows.length < PAGE ? undefined : [last.node]
  } while (after !== undefined)
  return nodes
}
