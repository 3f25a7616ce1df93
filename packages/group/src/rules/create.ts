import { emptyBits } from './bits.ts'
import type { Epoch } from './epoch.ts'
import { holding } from './intents.ts'
import { tied } from './judge.ts'
import { membershipOf } from './membership.ts'
import type { Node } from './node.ts'
import type { Thing } from './thing.ts'
import { votersOf } from './voters.ts'

/** The node of a create, on which everything stands and which stands on nothing. None if it is not one that a log can begin with. */
export function createNode(thing: Thing): Node | undefined {
  const { body, id } = thing
  if (body.kind !== 'create' || !isCreate(thing)) return undefined
  const places = body.founders.flatMap(({ account, devices }) => devices.map((device) => ({ account, device })))
  const grants = places.map((leaf, place) => ({ ...leaf, grant: id, by: 0, lamport: 1, id, place }))
  const leaf = grants.find(({ device }) => device === thing.device)
  if (leaf === undefined || new Set(places.map(({ device }) => device)).size !== places.length) return undefined
  const bare = { id: body.child, depth: 0, parent: undefined, jump: undefined, tree: grants, removed: [] }
  const rank = body.is === 'group' ? [] : undefined
  const node = tied({ ...bare, voters: [], valid: [] }, (epoch) => ({
    index: 0,
    id,
    lamport: 1,
    thing,
    body,
    past: emptyBits(0),
    size: 0,
    heads: [],
    grants,
    epoch,
    author: { rank, add: undefined, cap: undefined, leaf, age: leaf },
    tip: epoch,
    lock: epoch,
    agreed: epoch,
    final: epoch,
    isTrue: true,
    isWellFormed: true,
    breaksChain: false,
    leaf: undefined,
    about: undefined,
    gives: undefined,
  }))
  return node.epoch === undefined ? undefined : withVoters(node, node.epoch)
}

/** The first epoch's voters follow from the membership that the create makes, for which its node must be there. */
function withVoters(node: Node, lock: Epoch): Node {
  const valid = [node]
  Object.assign(lock, { valid })
  const first = holding([], { forks: new Map(), frozen: valid, size: 1 })
  Object.assign(lock, { voters: votersOf(lock.tree, membershipOf(first, node, new Map())) })
  return node
}

function isCreate({ account, epoch, seq, prev, deps, lamport, body }: Thing): boolean {
  if (body.kind !== 'create' || seq !== 1 || prev !== undefined || deps.length > 0 || lamport !== 1) return false
  const accounts = body.founders.map((founder) => founder.account)
  if (accounts[0] !== account || new Set(accounts).size !== accounts.length || epoch !== body.child) return false
  if (body.is === 'pair' && accounts.length !== 2) return false
  if (body.is === 'self' && accounts.length !== 1) return false
  return body.founders.every(({ devices }) => devices.length > 0)
}
